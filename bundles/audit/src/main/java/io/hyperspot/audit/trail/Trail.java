// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import static io.hyperspot.audit.trail.Tables.HOLD;
import static io.hyperspot.audit.trail.Tables.PERSON_KEY;
import static io.hyperspot.audit.trail.Tables.RECORD;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.chain.ChainCheck;
import io.hyperspot.audit.chain.Finding;
import io.hyperspot.audit.chain.Link;
import io.hyperspot.audit.chain.Point;
import io.hyperspot.audit.chain.SignedPoint;
import io.hyperspot.audit.trail.Tables.HoldRow;
import io.hyperspot.audit.trail.Tables.PersonKeyRow;
import io.hyperspot.audit.trail.Tables.RecordRow;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.SecurityContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The trail of the caller's tenant, read, checked, held and erased. Thread-safe. */
public final class Trail {
    private static final int STEP = 500;
    private static final int MOST_HOLDS = 100;

    private final Database database;
    private final SigningKey key;
    private final PersonSecret secret;
    private final Heads heads;
    private final Clock clock;

    Trail(Database database, SigningKey key, PersonSecret secret, Heads heads, Clock clock) {
        this.database = database;
        this.key = key;
        this.secret = secret;
        this.heads = heads;
        this.clock = clock;
    }

    /** What came of a check. */
    public record Verification(long records, @Nullable SignedPoint head, List<Finding> findings) {}

    /** Why a trail is kept whole. */
    public record Hold(String id, String reason, String createdBy, long createdAt) {}

    /** The public key, in base64. */
    public String signingKey() {
        return key.open().text();
    }

    /** By what people compare the public key. */
    public String fingerprint() {
        return key.open().fingerprint();
    }

    /** Newest first, older than one. */
    public List<Entry> before(SecurityContext ctx, TrailFilter filter, @Nullable Long seq, int limit) {
        Condition where = condition(ctx, filter);
        return read(ctx, seq == null ? where : where.and(RECORD.seq.lt(seq)), true, limit);
    }

    /** Oldest first, newer than one. */
    public List<Entry> after(SecurityContext ctx, TrailFilter filter, long seq, int limit) {
        return read(ctx, condition(ctx, filter).and(RECORD.seq.gt(seq)), false, limit);
    }

    /** One of them. */
    public @Nullable Entry find(SecurityContext ctx, String id) {
        List<Entry> found = read(ctx, RECORD.id.eq(id), true, 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    private List<Entry> read(SecurityContext ctx, Condition where, boolean newestFirst, int limit) {
        return database.read(TenantScope.of(ctx), rows -> {
            List<RecordRow> found = rows.from(RECORD)
                    .where(where)
                    .orderBy(newestFirst ? RECORD.seq.desc() : RECORD.seq.asc())
                    .limit(limit)
                    .fetch();
            return entries(rows, ctx, found);
        });
    }

    private List<Entry> entries(Reading rows, SecurityContext ctx, List<RecordRow> found) {
        Persons persons = new Persons(secret, ctx.tenant().toString());
        Set<String> keys = new LinkedHashSet<>();
        found.forEach(row -> {
            keys.add(row.get(RECORD.actorKey));
            keys.add(row.get(RECORD.detailsKey));
        });
        if (!keys.isEmpty()) {
            persons.load(rows, keys);
        }
        return found.stream().map(row -> entry(row, persons)).toList();
    }

    private static Entry entry(RecordRow row, Persons persons) {
        Link link = link(row);
        String id = link.id();
        String details = persons.open(link.detailsKey(), id, Entry.DETAILS, link.details());
        return new Entry(
                link,
                row.get(RECORD.hash),
                row.get(RECORD.signature),
                persons.open(link.actorKey(), id, Entry.ACTOR, link.actor()),
                encoded(persons.recordKey(link.actorKey(), id, Entry.ACTOR)),
                details == null ? null : Details.read(details),
                encoded(persons.recordKey(link.detailsKey(), id, Entry.DETAILS)));
    }

    private static byte @Nullable [] encoded(@Nullable SecretKey key) {
        return key == null ? null : key.getEncoded();
    }

    private static Link link(RecordRow row) {
        return new Link(
                row.get(RECORD.tenantId),
                row.get(RECORD.seq),
                row.get(RECORD.id),
                row.get(RECORD.recordedAt),
                row.get(RECORD.action),
                row.get(RECORD.outcome),
                row.get(RECORD.target),
                row.get(RECORD.actorRef),
                row.get(RECORD.actorKey),
                row.get(RECORD.actorSealed),
                row.get(RECORD.detailsKey),
                row.get(RECORD.detailsSealed),
                row.get(RECORD.previousHash));
    }

    private Condition condition(SecurityContext ctx, TrailFilter filter) {
        String tenant = ctx.tenant().toString();
        List<Condition> all = new ArrayList<>();
        if (filter.actor() != null) {
            all.add(RECORD.actorRef.eq(secret.pseudonym(tenant, filter.actor())));
        }
        if (filter.target() != null) {
            all.add(RECORD.targetRef.eq(secret.pseudonym(tenant, filter.target())));
        }
        String action = filter.action();
        if (action != null && action.endsWith("*")) {
            String prefix = action.substring(0, action.length() - 1);
            // behind all letters of an action
            all.add(RECORD.action.ge(prefix).and(RECORD.action.lt(prefix + "~")));
        } else if (action != null) {
            all.add(RECORD.action.eq(action));
        }
        if (filter.outcome() != null) {
            all.add(RECORD.outcome.eq(filter.outcome()));
        }
        if (filter.from() != null) {
            all.add(RECORD.recordedAt.ge(filter.from().toEpochMilli()));
        }
        if (filter.to() != null) {
            all.add(RECORD.recordedAt.lt(filter.to().toEpochMilli()));
        }
        return all.isEmpty() ? DSL.noCondition() : DSL.and(all);
    }

    /** Where the trail ends now, signed; null: nothing was recorded. */
    public @Nullable SignedPoint head(SecurityContext ctx) {
        return database.read(TenantScope.of(ctx), rows -> Ends.read(rows, Point.Kind.HEAD));
    }

    /** Where the trail begins since its oldest records were removed in order; null: with the first. */
    public @Nullable SignedPoint start(SecurityContext ctx) {
        return database.read(TenantScope.of(ctx), rows -> Ends.read(rows, Point.Kind.START));
    }

    /** Checks all records, and the end against what is kept outside of the database. */
    public Verification verify(SecurityContext ctx) {
        SignedPoint head = head(ctx);
        SignedPoint start = start(ctx);
        SignedPoint kept = heads.of(ctx.tenant().toString());
        ChainCheck check = new ChainCheck(ctx.tenant().toString(), key.open(), start);
        long seq = start == null ? 0 : start.point().seq();
        List<RecordRow> some = verifiable(ctx, seq);
        while (!some.isEmpty()) {
            for (RecordRow row : some) {
                check.add(link(row), row.get(RECORD.hash), row.get(RECORD.signature));
                seq = row.get(RECORD.seq);
            }
            some = verifiable(ctx, seq);
        }
        List<Finding> findings = check.end(Stream.of(head, kept).filter(point -> point != null).toList());
        return new Verification(check.records(), head, findings);
    }

    private List<RecordRow> verifiable(SecurityContext ctx, long after) {
        return database.read(TenantScope.of(ctx), rows -> rows.from(RECORD)
                .where(RECORD.seq.gt(after))
                .orderBy(RECORD.seq.asc())
                .limit(STEP)
                .fetch());
    }

    /**
     * Destroys the keys under which what concerns a person is sealed; the chain stays whole.
     *
     * @return how many keys were destroyed
     * @throws ProblemException FAILED_PRECONDITION while the trail is held
     */
    public int erase(SecurityContext ctx, String person) {
        String ref = secret.pseudonym(ctx.tenant().toString(), person);
        return database.<Integer>write(TenantScope.of(ctx), rows -> {
            if (rows.from(HOLD).count() > 0) {
                throw new ProblemException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "AUDIT_HELD",
                        "The trail is held, so that nothing of it is erased; DELETE /audit/v1/holds/{id} ends a hold.");
            }
            PersonKeyRow erased = new PersonKeyRow();
            erased.set(PERSON_KEY.sealed, null);
            erased.set(PERSON_KEY.erasedAt, clock.millis());
            int keys = rows.update(erased, PERSON_KEY.personRef.eq(ref).and(PERSON_KEY.erasedAt.isNull()));
            AuditEvent.done(ctx, "audit.erase", ref).with("keys", "" + keys).publish(rows);
            return keys;
        });
    }

    /** The tenant's holds, oldest first. */
    public List<Hold> holds(SecurityContext ctx) {
        return database.read(TenantScope.of(ctx), rows -> rows.from(HOLD).orderBy(HOLD.id.asc()).limit(MOST_HOLDS).fetch().stream()
                .map(Trail::hold)
                .toList());
    }

    private static Hold hold(HoldRow row) {
        return new Hold(row.get(HOLD.id), row.get(HOLD.reason), row.get(HOLD.createdBy), row.get(HOLD.createdAt));
    }

    /**
     * Keeps the trail whole until the hold is ended.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED when there are too many
     */
    public Hold hold(SecurityContext ctx, String reason) {
        HoldRow row = new HoldRow();
        row.set(HOLD.id, UUID.randomUUID().toString());
        row.set(HOLD.tenantId, ctx.tenant().toString());
        row.set(HOLD.reason, reason);
        row.set(HOLD.createdBy, ctx.subject());
        row.set(HOLD.createdAt, clock.millis());
        return database.write(TenantScope.of(ctx), rows -> {
            if (rows.from(HOLD).count() >= MOST_HOLDS) {
                throw new ProblemException(
                        ErrorCategory.RESOURCE_EXHAUSTED,
                        "TOO_MANY_AUDIT_HOLDS",
                        "The tenant has " + MOST_HOLDS + " holds; end some.");
            }
            rows.insert(row);
            AuditEvent.done(ctx, "audit.hold", row.get(HOLD.id)).with("reason", reason).publish(rows);
            return hold(row);
        });
    }

    /** False when the tenant has no such hold. */
    public boolean release(SecurityContext ctx, String id) {
        return database.<Boolean>write(TenantScope.of(ctx), rows -> {
            if (rows.delete(HOLD, HOLD.id.eq(id)) == 0) {
                return false;
            }
            AuditEvent.done(ctx, "audit.release_hold", id).publish(rows);
            return true;
        });
    }
}
