// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import static io.hyperspot.credstore.gateway.SecretTable.SECRET;
import static io.hyperspot.credstore.gateway.VersionTable.VERSION;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.credstore.Credentials;
import io.hyperspot.credstore.NewSecret;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.SecretMetadata;
import io.hyperspot.credstore.SecretVersion;
import io.hyperspot.credstore.Sharing;
import io.hyperspot.credstore.gateway.SecretRows.Found;
import io.hyperspot.credstore.keys.Envelope;
import io.hyperspot.credstore.keys.Envelope.Place;
import io.hyperspot.credstore.keys.Envelope.Sealed;
import io.hyperspot.credstore.keys.KeyEncryptionKeys;
import io.hyperspot.credstore.keys.KeyEncryptionKeys.Wrapped;
import io.hyperspot.credstore.keys.TamperedException;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The secrets: encrypted in the database, or kept by a worker. */
final class SecretStore implements Credentials {
    static final String DATABASE = "database";

    private final SecretRows rows;
    private final Stores stores;
    private final Supplier<KeyEncryptionKeys> keys;
    private final Envelope envelope;
    private final Clock clock;
    private final AtomicLong generation = new AtomicLong();

    /** @param keys throws UNAVAILABLE while there are none */
    SecretStore(SecretRows rows, Stores stores, Supplier<KeyEncryptionKeys> keys, Envelope envelope, Clock clock) {
        this.rows = rows;
        this.stores = stores;
        this.keys = keys;
        this.envelope = envelope;
        this.clock = clock;
    }

    /** Grows with every change that was made here. */
    long generation() {
        return generation.get();
    }

    static Place place(SecretTable.Row secret, long version) {
        return new Place(secret.get(SECRET.tenantId), secret.get(SECRET.id), secret.get(SECRET.reference), version);
    }

    static Sealed sealed(VersionTable.Row row) {
        return new Sealed(new Wrapped(row.get(VERSION.keyId), row.get(VERSION.wrappedKey)), row.get(VERSION.ciphertext));
    }

    static void write(VersionTable.Row row, Sealed sealed, long now) {
        row.set(VERSION.keyId, sealed.key().keyId());
        row.set(VERSION.wrappedKey, sealed.key().bytes());
        row.set(VERSION.ciphertext, sealed.ciphertext());
        row.set(VERSION.sealedAt, now);
    }

    private static Slot slot(SecretTable.Row secret, long version) {
        return new Slot(
                TenantId.of(secret.get(SECRET.tenantId)), secret.get(SECRET.reference), secret.get(SECRET.id), version);
    }

    private Found find(SecurityContext ctx, String reference, long version) {
        return rows.find(ctx, Requests.reference(reference), version).orElseThrow(Requests::notFound);
    }

    @Override
    public Secret resolve(SecurityContext ctx, String reference) {
        return open(find(ctx, reference, 0));
    }

    @Override
    public Secret resolve(SecurityContext ctx, String reference, long version) {
        if (version < 1) {
            throw Requests.invalid("versions count from 1");
        }
        return open(find(ctx, reference, version));
    }

    private Secret open(Found found) {
        long now = clock.millis();
        Long expires = found.secret().get(SECRET.expiresAt);
        VersionTable.Row version = found.version();
        Long until = version == null ? null : version.get(VERSION.validUntil);
        if (version == null || (expires != null && expires <= now) || (until != null && until <= now)) {
            throw Requests.notFound();
        }
        String store = found.secret().get(SECRET.store);
        long number = version.get(VERSION.version);
        if (!store.equals(DATABASE)) {
            return stores.call(store, worker -> worker.get(slot(found.secret(), number)))
                    .orElseThrow(Requests::notFound);
        }
        try {
            if (version.get(VERSION.ciphertext) != null) {
                return envelope.open(keys.get(), place(found.secret(), number), sealed(version));
            }
        } catch (TamperedException e) {
            throw new ProblemException(
                    ErrorCategory.INTERNAL,
                    "SECRET_CORRUPT",
                    "the secret's value in the database is not what was stored; give it a new value",
                    Map.of(),
                    e);
        }
        throw Requests.notFound();
    }

    @Override
    public SecretMetadata create(SecurityContext ctx, NewSecret wanted) {
        Instant now = clock.instant();
        String reference = Requests.reference(wanted.reference());
        Requests.future(wanted.expiresAt(), now, "expires_at");
        if (rows.own(ctx, reference).filter(row -> isSame(row, wanted)).isPresent()) {
            throw exists();
        }
        String store = wanted.store() == null ? DATABASE : wanted.store();
        SecretTable.Row row = new SecretTable.Row();
        row.set(SECRET.id, UUID.randomUUID().toString());
        row.set(SECRET.tenantId, ctx.tenant().toString());
        row.set(SECRET.reference, reference);
        row.set(SECRET.owner, wanted.sharing() == Sharing.PRIVATE ? ctx.subject() : "");
        row.set(SECRET.sharing, wanted.sharing().text());
        row.set(SECRET.type, Requests.type(wanted.type()));
        row.set(SECRET.store, store);
        row.set(SECRET.version, 1L);
        row.set(SECRET.revision, 1L);
        row.set(SECRET.createdBy, ctx.subject());
        row.set(SECRET.createdAt, now.toEpochMilli());
        row.set(SECRET.changedAt, now.toEpochMilli());
        row.set(SECRET.expiresAt, wanted.expiresAt() == null ? null : wanted.expiresAt().toEpochMilli());
        VersionTable.Row version = version(row, 1, wanted.value(), now.toEpochMilli());
        try {
            rows.insert(ctx, row, version, event(ctx, "secret.create", row, 1));
        } catch (DatabaseException e) {
            if (e.category() == ErrorCategory.ALREADY_EXISTS) {
                throw exists();
            }
            throw e;
        }
        generation.incrementAndGet();
        return SecretRows.metadata(ctx, row);
    }

    private static boolean isSame(SecretTable.Row row, NewSecret wanted) {
        return row.get(SECRET.owner).isEmpty() == (wanted.sharing() != Sharing.PRIVATE);
    }

    private static ProblemException exists() {
        return new ProblemException(
                ErrorCategory.ALREADY_EXISTS,
                "SECRET_EXISTS",
                "there is a secret of this reference; PUT gives it a new value");
    }

    /** Encrypts the value, or hands it to its store. */
    private VersionTable.Row version(SecretTable.Row secret, long number, @Nullable Secret value, long now) {
        VersionTable.Row row = new VersionTable.Row();
        row.set(VERSION.secretId, secret.get(SECRET.id));
        row.set(VERSION.version, number);
        row.set(VERSION.tenantId, secret.get(SECRET.tenantId));
        row.set(VERSION.createdAt, now);
        String store = secret.get(SECRET.store);
        if (store.equals(DATABASE)) {
            if (value == null) {
                throw Requests.invalid("send the value");
            }
            write(row, envelope.seal(keys.get(), place(secret, number), Requests.value(value)), now);
            return row;
        }
        boolean writable = stores.call(store, worker -> worker.isWritable());
        if (writable != (value != null)) {
            throw Requests.invalid(writable ? "send the value" : "the store '" + store + "' takes no values; send none");
        }
        Slot slot = slot(secret, number);
        stores.call(store, worker -> {
            if (value != null) {
                worker.put(slot, Requests.value(value));
            } else if (worker.get(slot).isEmpty()) {
                throw Requests.invalid("the store '" + store + "' has no value of this reference for this tenant");
            }
            return true;
        });
        return row;
    }

    @Override
    public SecretMetadata put(
            SecurityContext ctx,
            String reference,
            String tag,
            Secret value,
            @Nullable Instant previousValidUntil,
            @Nullable Instant expiresAt) {
        Instant now = clock.instant();
        Requests.value(value);
        Requests.future(expiresAt, now, "expires_at");
        Requests.future(previousValidUntil, now, "previous_valid_until");
        SecretTable.Row read = changeable(ctx, reference, tag);
        long number = read.get(SECRET.version) + 1;
        VersionTable.Row version = version(read, number, value, now.toEpochMilli());
        SecretTable.Row changes = new SecretTable.Row();
        changes.set(SECRET.version, number);
        changes.set(SECRET.revision, read.get(SECRET.revision) + 1);
        changes.set(SECRET.changedAt, now.toEpochMilli());
        changes.set(SECRET.expiresAt, expiresAt == null ? null : expiresAt.toEpochMilli());
        long until = (previousValidUntil == null ? now : previousValidUntil).toEpochMilli();
        if (!rows.update(ctx, read, changes, version, until, now.toEpochMilli(), event(ctx, "secret.update", read, number))) {
            throw Requests.stale();
        }
        generation.incrementAndGet();
        return get(ctx, reference);
    }

    /** One of the caller's own tenant that is as the caller has seen it. */
    private SecretTable.Row changeable(SecurityContext ctx, String reference, String tag) {
        Optional<SecretTable.Row> own = rows.own(ctx, Requests.reference(reference));
        SecretTable.Row read = own.orElseThrow(Requests::notFound);
        if (!SecretRows.metadata(ctx, read).tag().equals(tag)) {
            throw Requests.stale();
        }
        return read;
    }

    @Override
    public SecretMetadata get(SecurityContext ctx, String reference) {
        return SecretRows.metadata(ctx, find(ctx, reference, 0).secret());
    }

    @Override
    public List<SecretMetadata> list(SecurityContext ctx, @Nullable String after, boolean descending, int limit) {
        return rows.list(ctx, after, descending, limit);
    }

    @Override
    public List<SecretVersion> versions(SecurityContext ctx, String reference) {
        return rows.versions(ctx, find(ctx, reference, 0).secret());
    }

    @Override
    public void delete(SecurityContext ctx, String reference, String tag) {
        SecretTable.Row read = changeable(ctx, reference, tag);
        String store = read.get(SECRET.store);
        if (!store.equals(DATABASE)) {
            // first: after a crash between the two there is a row left, by which it can be deleted again
            stores.call(store, worker -> {
                if (worker.isWritable()) {
                    worker.delete(slot(read, read.get(SECRET.version)));
                }
                return true;
            });
        }
        if (!rows.delete(ctx, read, event(ctx, "secret.delete", read, read.get(SECRET.version)))) {
            throw Requests.stale();
        }
        generation.incrementAndGet();
    }

    private static AuditEvent event(SecurityContext ctx, String action, SecretTable.Row row, long version) {
        return AuditEvent.done(ctx, action, row.get(SECRET.id))
                .with("reference", row.get(SECRET.reference))
                .with("version", "" + version)
                .with("sharing", row.get(SECRET.sharing));
    }
}
