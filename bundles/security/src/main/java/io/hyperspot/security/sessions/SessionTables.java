// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import static io.hyperspot.security.sessions.Tables.GENERATION;
import static io.hyperspot.security.sessions.Tables.SESSION;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions.Session;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.KeyHash;
import io.hyperspot.security.spi.Identity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Sessions in the database. */
final class SessionTables {
    private static final String ROW = "sessions";
    private static final int MOST = 200_000;
    private static final TenantScope PLATFORM = TenantScope.platform("a session is known before its tenant");

    /** What was found to start with. */
    record Contents(long generation, List<StoredSession> sessions) {}

    /** Which sessions ended since a generation. */
    record Ends(long generation, List<KeyHash> hashes) {}

    private final Database database;

    SessionTables(Database database) {
        this.database = database;
    }

    Contents load(long now, Limits limits) {
        return database.read(PLATFORM, rows -> new Contents(
                generation(rows.from(GENERATION).fetchFirst()),
                rows.from(SESSION).where(usable(now, limits)).orderBy(SESSION.id.desc()).limit(MOST).fetch().stream()
                        .map(SessionTables::stored)
                        .toList()));
    }

    private static Condition usable(long now, Limits limits) {
        return SESSION.endedAt
                .isNull()
                .and(SESSION.expiresAt.gt(now))
                .and(SESSION.usedAt.gt(now - limits.idle().toMillis()));
    }

    private static long generation(Optional<Tables.GenerationRow> row) {
        return row.map(found -> found.get(GENERATION.generation)).orElse(0L);
    }

    private static StoredSession stored(Tables.SessionRow row) {
        Session session = session(row);
        return new StoredSession(
                session,
                new Identity(
                        session.subject(),
                        session.name(),
                        session.tenant(),
                        lines(row.get(SESSION.groups)),
                        lines(row.get(SESSION.scopes)).stream().map(Permission::parse).toList()),
                KeyHash.parse(row.get(SESSION.hash)));
    }

    private static Session session(Tables.SessionRow row) {
        return new Session(
                row.get(SESSION.id),
                row.get(SESSION.subject),
                row.get(SESSION.person),
                TenantId.of(row.get(SESSION.tenantId)),
                row.get(SESSION.provider),
                row.get(SESSION.address),
                row.get(SESSION.agent),
                Instant.ofEpochMilli(row.get(SESSION.createdAt)),
                Instant.ofEpochMilli(row.get(SESSION.usedAt)),
                Instant.ofEpochMilli(row.get(SESSION.expiresAt)));
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }

    /** Those of the subject that are too many, the oldest, end with it. */
    List<KeyHash> insert(StoredSession stored, Limits limits, AuditEvent event) {
        long now = stored.session().createdAt().toEpochMilli();
        Condition own = SESSION.tenantId
                .eq(stored.session().tenant().toString())
                .and(SESSION.subject.eq(stored.session().subject()));
        return database.write(PLATFORM, rows -> {
            List<Tables.SessionRow> before =
                    rows.from(SESSION).where(own.and(usable(now, limits))).orderBy(SESSION.id.asc()).limit(MOST).fetch();
            int surplus = Math.max(0, before.size() - limits.perSubject() + 1);
            List<KeyHash> ended = end(rows, before.subList(0, surplus), now);
            rows.insert(row(stored));
            event.publish(rows);
            return ended;
        });
    }

    private static Tables.SessionRow row(StoredSession stored) {
        Session session = stored.session();
        Tables.SessionRow row = new Tables.SessionRow();
        row.set(SESSION.id, session.id());
        row.set(SESSION.tenantId, session.tenant().toString());
        row.set(SESSION.subject, session.subject());
        row.set(SESSION.person, session.name());
        row.set(SESSION.provider, session.provider());
        row.set(SESSION.hash, stored.hash().toString());
        row.set(SESSION.groups, String.join("\n", stored.identity().groups()));
        row.set(SESSION.scopes, String.join("\n", stored.identity().scopes().stream().map(Permission::toString).toList()));
        row.set(SESSION.address, session.address());
        row.set(SESSION.agent, session.agent());
        row.set(SESSION.createdAt, session.createdAt().toEpochMilli());
        row.set(SESSION.usedAt, session.usedAt().toEpochMilli());
        row.set(SESSION.expiresAt, session.expiresAt().toEpochMilli());
        return row;
    }

    /** Ends sessions in the next generation. */
    private static List<KeyHash> end(Writing rows, List<Tables.SessionRow> sessions, long now) {
        if (sessions.isEmpty()) {
            return List.of();
        }
        long next = generation(rows.from(GENERATION).where(GENERATION.id.eq(ROW)).fetchFirst()) + 1;
        Tables.GenerationRow grown = new Tables.GenerationRow();
        grown.set(GENERATION.generation, next);
        rows.update(grown, GENERATION.id.eq(ROW));
        List<KeyHash> hashes = new ArrayList<>();
        for (Tables.SessionRow session : sessions) {
            Tables.SessionRow end = new Tables.SessionRow();
            end.set(SESSION.endedAt, now);
            end.set(SESSION.endedIn, next);
            rows.update(end, SESSION.id.eq(session.get(SESSION.id)));
            hashes.add(KeyHash.parse(session.get(SESSION.hash)));
        }
        return hashes;
    }

    /**
     * Ends sessions of a tenant that could be used until now.
     *
     * @param event says of the ended ones what is recorded; null: nothing
     */
    List<KeyHash> end(TenantId tenant, Condition which, long now, Function<Session, @Nullable AuditEvent> event) {
        return database.write(PLATFORM, rows -> {
            List<Tables.SessionRow> found = rows.from(SESSION)
                    .where(SESSION.tenantId.eq(tenant.toString()).and(which).and(SESSION.endedAt.isNull()).and(SESSION.expiresAt.gt(now)))
                    .limit(MOST)
                    .fetch();
            for (Tables.SessionRow row : found) {
                AuditEvent happened = event.apply(session(row));
                if (happened != null) {
                    happened.publish(rows);
                }
            }
            return end(rows, found, now);
        });
    }

    Ends endsSince(long generation) {
        return database.read(PLATFORM, rows -> {
            long now = generation(rows.from(GENERATION).fetchFirst());
            return now == generation
                    ? new Ends(now, List.of())
                    : new Ends(
                            now,
                            rows.from(SESSION).where(SESSION.endedIn.gt(generation)).limit(MOST).fetch().stream()
                                    .map(row -> KeyHash.parse(row.get(SESSION.hash)))
                                    .toList());
        });
    }

    /** One that could be used now. */
    Optional<StoredSession> find(KeyHash hash, long now, Limits limits) {
        return database.read(PLATFORM, rows -> rows.from(SESSION)
                .where(SESSION.hash.eq(hash.toString()).and(usable(now, limits)))
                .fetchFirst()
                .map(SessionTables::stored));
    }

    void used(Collection<LiveSession> sessions) {
        database.<@Nullable Void>write(PLATFORM, rows -> {
            for (LiveSession session : sessions) {
                Tables.SessionRow changes = new Tables.SessionRow();
                changes.set(SESSION.usedAt, session.usedAt());
                rows.update(changes, SESSION.id.eq(session.session.id()));
            }
            return null;
        });
    }

    /** Takes away what has been over for long. */
    void purge(long before) {
        database.<@Nullable Void>write(PLATFORM, rows -> {
            rows.delete(SESSION, SESSION.expiresAt.lt(before));
            return null;
        });
    }

    List<Session> list(SecurityContext ctx, @Nullable String subject, @Nullable String after, @Nullable String before, int limit, long now, Limits limits) {
        Condition which = usable(now, limits);
        if (subject != null) {
            which = which.and(SESSION.subject.eq(subject));
        }
        which = which.and(after == null ? DSL.noCondition() : SESSION.id.lt(after));
        Condition all = which.and(before == null ? DSL.noCondition() : SESSION.id.gt(before));
        return database.read(TenantScope.of(ctx), rows -> rows.from(SESSION)
                .where(all)
                .orderBy(before == null ? SESSION.id.desc() : SESSION.id.asc())
                .limit(limit)
                .fetch()
                .stream()
                .map(SessionTables::session)
                .toList());
    }

    Optional<Session> find(SecurityContext ctx, String id, long now, Limits limits) {
        return database.read(TenantScope.of(ctx), rows -> rows.from(SESSION)
                .where(SESSION.id.eq(id).and(usable(now, limits)))
                .fetchFirst()
                .map(SessionTables::session));
    }
}
