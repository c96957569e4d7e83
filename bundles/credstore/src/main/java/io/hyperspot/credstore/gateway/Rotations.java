// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import static io.hyperspot.credstore.gateway.RotationTable.ROTATION;
import static io.hyperspot.credstore.gateway.SecretTable.SECRET;
import static io.hyperspot.credstore.gateway.VersionTable.VERSION;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.gateway.KeyRotation.Kind;
import io.hyperspot.credstore.gateway.KeyRotation.Progress;
import io.hyperspot.credstore.keys.Envelope;
import io.hyperspot.credstore.keys.Envelope.Place;
import io.hyperspot.credstore.keys.Envelope.Sealed;
import io.hyperspot.credstore.keys.KeyEncryptionKeys;
import io.hyperspot.credstore.keys.TamperedException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts again what is under an old key, in batches. What is left to do is read from the rows themselves,
 * so that a rotation goes on after a crash where it was.
 */
final class Rotations {
    private static final Logger log = LoggerFactory.getLogger(Rotations.class);
    private static final int BATCH = 100;
    private static final TenantScope ALL = TenantScope.platform("keys are those of all tenants");

    private final Database database;
    private final Envelope envelope;
    private final Clock clock;
    // of the one rotation that runs: where the walk is over what is left, and whether it has done anything
    private String lastId = "";
    private long lastVersion;
    private boolean anyDone;

    Rotations(Database database, Envelope envelope, Clock clock) {
        this.database = database;
        this.envelope = envelope;
        this.clock = clock;
    }

    boolean anySealed() {
        return database.read(ALL, rows -> rows.from(VERSION).where(VERSION.keyId.isNotNull()).limit(1).fetchFirst().isPresent());
    }

    /** One that has not been finished. */
    Optional<Kind> unfinished(KeyEncryptionKeys keys) {
        for (Kind kind : Kind.values()) {
            Optional<Progress> last = progress(keys, kind);
            if (last.isPresent() && last.get().finishedAt() == null) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    Optional<Progress> progress(KeyEncryptionKeys keys, Kind kind) {
        return database.read(ALL, rows -> row(rows, kind).map(row -> {
            long started = row.get(ROTATION.startedAt);
            Long leftOver = row.get(ROTATION.leftOver);
            long left = row.get(ROTATION.finishedAt) == null
                    ? rows.from(VERSION).where(left(keys, kind, started)).count()
                    : leftOver == null ? 0 : leftOver;
            long total = Math.max(row.get(ROTATION.total), left);
            return new Progress(
                    kind, total, left, Instant.ofEpochMilli(started), SecretRows.time(row.get(ROTATION.finishedAt)));
        }));
    }

    private static Optional<RotationTable.Row> row(io.hyperspot.persistence.Reading rows, Kind kind) {
        return rows.from(ROTATION).where(ROTATION.kind.eq(kind.text())).fetchFirst();
    }

    private static Condition left(KeyEncryptionKeys keys, Kind kind, long started) {
        Condition sealed = VERSION.keyId.isNotNull();
        return kind == Kind.KEY_ENCRYPTION
                ? sealed.and(VERSION.keyId.ne(keys.current()))
                : sealed.and(VERSION.sealedAt.le(started));
    }

    /** Writes down that there is one, after the new key is there. */
    void begin(KeyEncryptionKeys keys, Kind kind, AuditEvent event) {
        long now = clock.millis();
        fromTheFront();
        database.<@Nullable Void>write(ALL, rows -> {
            RotationTable.Row row = new RotationTable.Row();
            row.set(ROTATION.tenantId, TenantId.ROOT.toString());
            row.set(ROTATION.kind, kind.text());
            row.set(ROTATION.startedAt, now);
            row.set(ROTATION.total, rows.from(VERSION).where(left(keys, kind, now)).count());
            row.set(ROTATION.finishedAt, null);
            row.set(ROTATION.leftOver, null);
            rows.delete(ROTATION, ROTATION.kind.eq(kind.text()));
            rows.insert(row);
            event.publish(rows);
            return null;
        });
    }

    private void fromTheFront() {
        lastId = "";
        lastVersion = 0;
        anyDone = false;
    }

    /**
     * Does a batch. What cannot be done is passed over.
     *
     * @return false when it has ended
     */
    boolean step(KeyEncryptionKeys keys, Kind kind) {
        RotationTable.Row rotation = database.read(ALL, rows -> row(rows, kind)).orElseThrow();
        long started = rotation.get(ROTATION.startedAt);
        List<Record> batch = database.read(ALL, rows -> rows.from(VERSION)
                .where(left(keys, kind, started)
                        .and(VERSION.secretId
                                .gt(lastId)
                                .or(VERSION.secretId.eq(lastId).and(VERSION.version.gt(lastVersion)))))
                .join(SECRET, SECRET.id.eq(VERSION.secretId))
                .orderBy(VERSION.secretId.asc(), VERSION.version.asc())
                .limit(BATCH)
                .fetch(List.of(
                        SECRET.tenantId,
                        SECRET.id,
                        SECRET.reference,
                        VERSION.version,
                        VERSION.keyId,
                        VERSION.wrappedKey,
                        VERSION.ciphertext)));
        for (Record row : batch) {
            anyDone |= again(keys, kind, started, row);
            lastId = row.get(SECRET.id);
            lastVersion = row.get(VERSION.version);
        }
        return batch.size() == BATCH || !end(keys, kind, started);
    }

    /** Ends it, unless another walk is needed for what was written under the old key meanwhile. */
    private boolean end(KeyEncryptionKeys keys, Kind kind, long started) {
        long left = database.read(ALL, rows -> rows.from(VERSION).where(left(keys, kind, started)).count());
        if (left > 0 && anyDone) {
            fromTheFront();
            return false;
        }
        if (left > 0) {
            log.error("{} values cannot be encrypted again: they are not what was stored; give these secrets new values", left);
        }
        RotationTable.Row finished = new RotationTable.Row();
        finished.set(ROTATION.finishedAt, clock.millis());
        finished.set(ROTATION.leftOver, left);
        database.write(ALL, rows -> rows.update(finished, ROTATION.kind.eq(kind.text())));
        return true;
    }

    private boolean again(KeyEncryptionKeys keys, Kind kind, long started, Record row) {
        Place place = new Place(
                row.get(SECRET.tenantId), row.get(SECRET.id), row.get(SECRET.reference), row.get(VERSION.version));
        Sealed old = new Sealed(
                new KeyEncryptionKeys.Wrapped(row.get(VERSION.keyId), row.get(VERSION.wrappedKey)), row.get(VERSION.ciphertext));
        VersionTable.Row changes = new VersionTable.Row();
        try {
            if (kind == Kind.KEY_ENCRYPTION) {
                Sealed next = envelope.rewrap(keys, place, old);
                changes.set(VERSION.keyId, next.key().keyId());
                changes.set(VERSION.wrappedKey, next.key().bytes());
            } else {
                try (Secret value = envelope.open(keys, place, old)) {
                    // strictly later than the start, so that it is not done again
                    SecretStore.write(changes, envelope.seal(keys, place, value), Math.max(clock.millis(), started + 1));
                }
            }
        } catch (TamperedException e) {
            log.error("version {} of the secret {} is not what was stored", place.version(), place.secretId(), e);
            return false;
        }
        // what was written or forgotten meanwhile stays so
        database.write(ALL, rows -> rows.update(
                changes,
                VERSION.secretId
                        .eq(place.secretId())
                        .and(VERSION.version.eq(place.version()))
                        .and(VERSION.keyId.eq(old.key().keyId()))
                        .and(VERSION.wrappedKey.eq(old.key().bytes()))));
        return true;
    }
}
