// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.credstore.Credentials;
import io.hyperspot.credstore.keys.Envelope;
import io.hyperspot.credstore.keys.KeyEncryptionKeys;
import io.hyperspot.credstore.spi.CredentialWorker;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the credentials store. The keys are opened, and a rotation is gone on with, on a thread of its own. */
@Component(
        service = {ConfiguredSecrets.class, KeyRotation.class, HealthContributor.class},
        configurationPid = "credstore")
@Designate(ocd = CredstoreConfig.class)
public final class CredstoreModule implements ConfiguredSecrets, KeyRotation, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(CredstoreModule.class);
    private static final String MODULE = "credstore";
    private static final String START = "${secret:";
    private static final String STARTING = "the key-encryption keys are being opened";

    private final Workers<CredentialWorker> workers;
    private final KeySource source;
    private final Rotations rotations;
    private final SecretStore store;
    private final LongSupplier refreshMillis;
    private final Clock clock;
    private final Loading loading;
    private @Nullable ServiceRegistration<Credentials> service;
    private volatile @Nullable KeyEncryptionKeys keys;
    private volatile String trouble = STARTING;
    private volatile @Nullable Loading rotating;
    private volatile boolean closed;

    @Activate
    public CredstoreModule(
            BundleContext context,
            CredstoreConfig config,
            @Reference Databases databases,
            @Reference Tenants tenants,
            @Reference ProviderClients clients,
            @Reference Workers.Factory factory) {
        this(
                databases,
                Migration.of(context.getBundle(), MODULE),
                above(tenants),
                KeySource.of(config, home(context).resolve("data"), clients, new SecureRandom()),
                factory.open(CredentialWorker.class, CredentialWorker.TYPE, CredentialWorker::store),
                () -> Duration.ofSeconds(config.reference__refresh__seconds()).toMillis(),
                Clock.systemUTC());
        service = context.registerService(Credentials.class, store, null);
    }

    CredstoreModule(
            Databases databases,
            List<Migration> migrations,
            Function<TenantId, List<TenantId>> ancestors,
            KeySource source,
            Workers<CredentialWorker> workers,
            LongSupplier refreshMillis,
            Clock clock) {
        var database = databases.open(MODULE, migrations);
        Envelope envelope = new Envelope(new SecureRandom());
        this.source = source;
        this.workers = workers;
        this.refreshMillis = refreshMillis;
        this.clock = clock;
        this.rotations = new Rotations(database, envelope, clock);
        this.store = new SecretStore(new SecretRows(database, ancestors), new Stores(workers), this::keys, envelope, clock);
        this.loading = Loading.start("credstore-keys", this::load, this::notLoaded);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home);
    }

    /** What is above a barrier is not inherited below it. */
    private static Function<TenantId, List<TenantId>> above(Tenants tenants) {
        return tenant -> {
            TenantTree tree = tenants.tree();
            if (tree == null) {
                throw new ProblemException(ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", "the tenants are not known yet; try again in a moment");
            }
            return tree.ancestors(tenant, BarrierMode.RESPECT);
        };
    }

    Credentials credentials() {
        return store;
    }

    private void load() throws IOException {
        KeyEncryptionKeys opened = source.open(rotations.anySealed());
        keys = opened;
        trouble = "";
        Optional<Kind> unfinished = rotations.unfinished(opened);
        if (unfinished.isPresent()) {
            log.info("the rotation {} is gone on with", unfinished.get().text());
            rotate(opened, unfinished.get());
        }
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the key-encryption keys cannot be used: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    private KeyEncryptionKeys keys() {
        KeyEncryptionKeys opened = keys;
        if (opened == null) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "KEY_ENCRYPTION_KEY_UNAVAILABLE", trouble + "; try again in a moment");
        }
        return opened;
    }

    @Deactivate
    void close() {
        closed = true;
        if (service != null) {
            service.unregister();
        }
        loading.close();
        Loading running = rotating;
        if (running != null) {
            running.close();
        }
        workers.close();
        if (keys instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                log.warn("the key-encryption keys were not closed", e);
            }
        }
    }

    @Override
    public ConfiguredSecret of(String configured) {
        String text = configured.strip();
        if (!text.startsWith(START)) {
            return new ConfiguredSecret("", () -> text);
        }
        String reference = text.substring(START.length(), text.length() - 1);
        if (!text.endsWith("}") || !Requests.isReference(reference)) {
            throw new IllegalArgumentException("a reference to a secret is ${secret:NAME}, and nothing else beside it");
        }
        return new ConfiguredSecret(reference, new FollowedReference(reference, store, refreshMillis, clock));
    }

    @Override
    public synchronized Progress start(SecurityContext ctx, Kind kind) {
        platformOnly(ctx);
        KeyEncryptionKeys current = keys();
        if (rotations.unfinished(current).isEmpty()) {
            if (kind == Kind.KEY_ENCRYPTION) {
                current.rotate();
            }
            rotations.begin(
                    current, kind, AuditEvent.done(ctx, "secret_keys.rotate", current.current()).with("kind", kind.text()));
            rotate(current, kind);
        }
        return rotations.progress(current, rotations.unfinished(current).orElse(kind)).orElseThrow();
    }

    private synchronized void rotate(KeyEncryptionKeys current, Kind kind) {
        if (!closed) {
            rotating = Loading.start(
                    "credstore-rotation", () -> toTheEnd(current, kind), (reason, pause) -> log.warn(
                            "the rotation {} waits {} ms", kind.text(), pause.toMillis(), reason));
        }
    }

    private void toTheEnd(KeyEncryptionKeys current, Kind kind) throws InterruptedException {
        while (rotations.step(current, kind)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        rotations.progress(current, kind).ifPresent(end -> log.info(
                "the rotation {} of the credentials store has {}: {} done, {} left",
                kind.text(), end.state(), end.done(), end.left()));
    }

    @Override
    public Optional<Progress> progress(SecurityContext ctx, Kind kind) {
        platformOnly(ctx);
        return rotations.progress(keys(), kind);
    }

    private static void platformOnly(SecurityContext ctx) {
        if (!ctx.tenant().equals(TenantId.ROOT)) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED, "ROOT_TENANT_ONLY", "the keys of all tenants are rotated by the root tenant");
        }
    }

    @Override
    public String name() {
        return MODULE;
    }

    @Override
    public Health health() {
        return trouble.isEmpty() ? Health.up() : Health.down(trouble);
    }
}
