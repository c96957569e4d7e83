// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import static io.hyperspot.credstore.gateway.SecretTable.SECRET;
import static io.hyperspot.credstore.gateway.VersionTable.VERSION;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.credstore.SecretMetadata;
import io.hyperspot.credstore.SecretVersion;
import io.hyperspot.credstore.Sharing;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** The secrets in the database, as a caller sees them. */
final class SecretRows {
    private static final int MOST_VERSIONS = 100;

    private final Database database;
    private final Function<TenantId, List<TenantId>> ancestors;

    SecretRows(Database database, Function<TenantId, List<TenantId>> ancestors) {
        this.database = database;
        this.ancestors = ancestors;
    }

    /** A secret with one version of its value; null when that one is not there any more. */
    record Found(SecretTable.Row secret, VersionTable.@Nullable Row version) {}

    /** What a caller sees: its own tenant first, then those above, the nearest first. */
    private record View(SecurityContext ctx, List<TenantId> tenants) {
        TenantScope scope() {
            return TenantScope.of(new LinkedHashSet<>(tenants));
        }

        Condition visible() {
            String own = ctx.tenant().toString();
            return SECRET.sharing
                    .eq(Sharing.SHARED.text())
                    .or(SECRET.tenantId.eq(own).and(SECRET.owner.in("", ctx.subject())));
        }

        /** The smallest hides the others of the same reference. */
        int rank(SecretTable.Row row) {
            return row.get(SECRET.owner).isEmpty() ? 1 + tenants.indexOf(TenantId.of(row.get(SECRET.tenantId))) : 0;
        }
    }

    private View view(SecurityContext ctx) {
        List<TenantId> tenants = new ArrayList<>();
        tenants.add(ctx.tenant());
        tenants.addAll(ancestors.apply(ctx.tenant()));
        return new View(ctx, tenants);
    }

    /** @param version 0: the current one */
    Optional<Found> find(SecurityContext ctx, String reference, long version) {
        View view = view(ctx);
        return database.read(view.scope(), rows -> nearest(rows, view, reference)
                .map(secret -> new Found(
                        secret, version(rows, secret, version == 0 ? secret.get(SECRET.version) : version))));
    }

    private static Optional<SecretTable.Row> nearest(Reading rows, View view, String reference) {
        return rows
                .from(SECRET)
                .where(SECRET.reference.eq(reference).and(view.visible()))
                .limit(view.tenants().size() + 1)
                .fetch()
                .stream()
                .min(Comparator.comparingInt(view::rank));
    }

    private static VersionTable.@Nullable Row version(Reading rows, SecretTable.Row secret, long version) {
        return rows.from(VERSION)
                .where(VERSION.secretId.eq(secret.get(SECRET.id)).and(VERSION.version.eq(version)))
                .fetchFirst()
                .orElse(null);
    }

    /** One that the caller may change: of its own tenant. */
    Optional<SecretTable.Row> own(SecurityContext ctx, String reference) {
        View view = new View(ctx, List.of(ctx.tenant()));
        return database.read(view.scope(), rows -> nearest(rows, view, reference));
    }

    List<SecretMetadata> list(SecurityContext ctx, @Nullable String after, boolean descending, int limit) {
        View view = view(ctx);
        // so many rows that even if each reference is there in every tenant enough of them are read
        int most = limit * (view.tenants().size() + 1);
        List<SecretTable.Row> found = database.read(view.scope(), rows -> {
            var all = rows.from(SECRET).where(view.visible());
            if (after != null) {
                all.where(descending ? SECRET.reference.lt(after) : SECRET.reference.gt(after));
            }
            return all.orderBy(descending ? SECRET.reference.desc() : SECRET.reference.asc()).limit(most).fetch();
        });
        Map<String, SecretTable.Row> nearest = new LinkedHashMap<>();
        found.forEach(row -> nearest.merge(
                row.get(SECRET.reference), row, (one, other) -> view.rank(one) < view.rank(other) ? one : other));
        return nearest.values().stream().limit(limit).map(row -> metadata(ctx, row)).toList();
    }

    List<SecretVersion> versions(SecurityContext ctx, SecretTable.Row secret) {
        TenantScope owner = TenantScope.of(java.util.Set.of(TenantId.of(secret.get(SECRET.tenantId))));
        return database.read(owner, rows -> rows.from(VERSION)
                .where(VERSION.secretId.eq(secret.get(SECRET.id)))
                .orderBy(VERSION.version.desc())
                .limit(MOST_VERSIONS)
                .fetch()
                .stream()
                .map(row -> new SecretVersion(
                        row.get(VERSION.version),
                        row.get(VERSION.version).equals(secret.get(SECRET.version)),
                        Instant.ofEpochMilli(row.get(VERSION.createdAt)),
                        time(row.get(VERSION.validUntil))))
                .toList());
    }

    static SecretMetadata metadata(SecurityContext ctx, SecretTable.Row row) {
        TenantId owner = TenantId.of(row.get(SECRET.tenantId));
        return new SecretMetadata(
                row.get(SECRET.id),
                owner,
                row.get(SECRET.reference),
                Sharing.valueOf(row.get(SECRET.sharing).toUpperCase(Locale.ROOT)),
                !owner.equals(ctx.tenant()),
                row.get(SECRET.version),
                row.get(SECRET.revision),
                row.get(SECRET.type),
                row.get(SECRET.store),
                Instant.ofEpochMilli(row.get(SECRET.createdAt)),
                Instant.ofEpochMilli(row.get(SECRET.changedAt)),
                time(row.get(SECRET.expiresAt)));
    }

    static @Nullable Instant time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    void insert(SecurityContext ctx, SecretTable.Row secret, VersionTable.Row version, AuditEvent event) {
        database.<@Nullable Void>write(TenantScope.of(ctx), rows -> {
            rows.insert(secret);
            rows.insert(version);
            event.publish(rows);
            return null;
        });
    }

    /**
     * Adds a version and ends the one before.
     *
     * @param until when the value before ends; at {@code now}: it is forgotten
     * @return false when the secret has changed since it was read
     */
    boolean update(SecurityContext ctx, SecretTable.Row read, SecretTable.Row changes, VersionTable.Row version, long until, long now, AuditEvent event) {
        String id = read.get(SECRET.id);
        return database.<Boolean>write(TenantScope.of(ctx), rows -> {
            if (rows.update(changes, SECRET.id.eq(id).and(SECRET.revision.eq(read.get(SECRET.revision)))) == 0) {
                return false;
            }
            VersionTable.Row ended = new VersionTable.Row();
            ended.set(VERSION.validUntil, until);
            rows.update(ended, VERSION.secretId.eq(id).and(VERSION.version.eq(read.get(SECRET.version))));
            VersionTable.Row forgotten = new VersionTable.Row();
            forgotten.set(VERSION.keyId, null);
            forgotten.set(VERSION.wrappedKey, null);
            forgotten.set(VERSION.ciphertext, null);
            rows.update(forgotten, VERSION.secretId.eq(id).and(VERSION.validUntil.le(now)));
            rows.delete(VERSION, VERSION.secretId.eq(id).and(VERSION.version.le(version.get(VERSION.version) - MOST_VERSIONS)));
            rows.insert(version);
            event.publish(rows);
            return true;
        });
    }

    /** False when the secret has changed since it was read. */
    boolean delete(SecurityContext ctx, SecretTable.Row read, AuditEvent event) {
        return database.<Boolean>write(TenantScope.of(ctx), rows -> {
            if (rows.delete(SECRET, SECRET.id.eq(read.get(SECRET.id)).and(SECRET.revision.eq(read.get(SECRET.revision)))) == 0) {
                return false;
            }
            rows.delete(VERSION, VERSION.secretId.eq(read.get(SECRET.id)));
            event.publish(rows);
            return true;
        });
    }
}
