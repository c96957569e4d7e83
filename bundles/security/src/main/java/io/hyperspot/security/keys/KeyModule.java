// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.authz.Authorization;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.PrivateFile;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.ApiKeys;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API keys and their recognition. The keys are loaded on a thread of its own while the product starts; until
 * then a caller with a key is neither let in nor refused.
 */
@Component(service = {ApiKeys.class, KeyModule.class, HealthContributor.class})
public final class KeyModule implements ApiKeys, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(KeyModule.class);
    private static final String MODULE = "security";
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final int MOST_KEYS_OF_A_TENANT = 1000;
    private static final String BAD_TOKEN = "the API key is malformed, unknown or revoked";
    private static final String STARTING = "the API keys are being loaded";
    private static final SecurityContext FIRST_START =
            new SecurityContext("system:first-start", TenantId.ROOT, List.of(Permission.ALL));

    private final Path data;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final TimeOrderedId ids = new TimeOrderedId(random);
    private final KeyTable table;
    private final KeyRing ring = new KeyRing();
    private final KeyPoll poll;
    private final Loading loading;
    private volatile @Nullable Pepper pepper;
    private volatile String trouble = STARTING;
    private final CompletableFuture<Pepper> secret = new CompletableFuture<>();
    private volatile @Nullable Tenants tenants;
    private volatile @Nullable Authorization authorization;

    @Activate
    public KeyModule(BundleContext context, @Reference Databases databases) {
        this(home(context), databases, Migration.of(context.getBundle(), MODULE), Clock.systemUTC(), POLL);
    }

    /** As it is without a container. */
    public KeyModule(Path home, Databases databases, List<Migration> migrations, Clock clock, Duration pause) {
        this.data = home.resolve("data");
        this.clock = clock;
        this.table = new KeyTable(databases.open(MODULE, migrations));
        this.poll = new KeyPoll(table, ring, clock, pause);
        this.loading = Loading.start("security-keys", this::load, this::notLoaded);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindTenants(Tenants next) {
        tenants = next;
    }

    public void unbindTenants(Tenants gone) {
        if (gone.equals(tenants)) {
            tenants = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindAuthorization(Authorization next) {
        authorization = next;
    }

    public void unbindAuthorization(Authorization gone) {
        if (gone.equals(authorization)) {
            authorization = null;
        }
    }

    /** What a policy forbids is among the grants of a caller all the same, so that they alone do not tell. */
    private boolean permitted(SecurityContext ctx, Permission permission) {
        Authorization decides = authorization;
        // without it the door is shut, and only the product itself makes keys
        return decides == null || !decides.scope(ctx, permission.resource(), permission.action(), null).isNothing();
    }

    @Deactivate
    public void close() {
        loading.close();
        poll.close();
    }

    private void load() throws IOException {
        loadOnce();
        trouble = "";
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the API keys cannot be loaded: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    private void loadOnce() throws IOException {
        Instant begin = clock.instant();
        KeyTable.Contents contents = table.load();
        Path file = data.resolve("secrets").resolve("api-key-pepper");
        Optional<Pepper> found = Pepper.read(file);
        if (found.isEmpty() && contents.any()) {
            throw new IOException("the file " + file + " is missing, without which no key can be checked; restore it");
        }
        Pepper secret = found.isPresent() ? found.get() : Pepper.create(file, random);
        ring.addAll(contents.active());
        if (!contents.any()) {
            createFirst(secret);
        }
        pepper = secret;
        this.secret.complete(secret);
        poll.start(begin);
    }

    /** The server's secret, once it is known; also other credentials than keys are hashed with it. */
    public Pepper secret() throws InterruptedException {
        try {
            return secret.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a token is a key by its form, good or not. */
    public static boolean isKey(String token) {
        return token.startsWith(KeyToken.START);
    }

    /** The file is written before the key: a crash between the two leaves a useless file, not a key that nobody has. */
    private void createFirst(Pepper secret) throws IOException {
        Path file = data.resolve("first-api-key");
        String token = KeyToken.generate(random);
        PrivateFile.write(file, token + "\n");
        NewKey first = new NewKey("first key", List.of(Permission.ALL.toString()), null);
        store(FIRST_START, TenantId.ROOT, first, token, secret);
        log.info("the first API key is in {}", file);
    }

    private ApiKey store(SecurityContext ctx, TenantId tenant, NewKey request, String token, Pepper secret) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ApiKey key = new ApiKey(
                ids.next(now.toEpochMilli()).toString(),
                request.name(),
                KeyToken.prefix(token),
                request.scopes(),
                now,
                request.expiresAt(),
                null);
        StoredKey stored = new StoredKey(key, tenant, secret.hash(token));
        AuditEvent event = AuditEvent.done(ctx, tenant, "api_key.create", key.id())
                .with("prefix", key.prefix())
                .with("name", key.name())
                .with("scopes", String.join(" ", key.scopes()))
                .with("expires_at", key.expiresAt() == null ? "never" : key.expiresAt().toString());
        table.insert(TenantScope.of(Set.of(tenant)), stored, ctx.subject(), event);
        ring.add(stored);
        return key;
    }

    @Override
    public Created create(SecurityContext ctx, String name, List<String> scopes, @Nullable Instant expiresAt) {
        return create(ctx, ctx.tenant(), name, scopes, expiresAt);
    }

    @Override
    public Created createFor(
            SecurityContext ctx,
            TenantId tenant,
            boolean crossBarriers,
            String name,
            List<String> scopes,
            @Nullable Instant expiresAt) {
        if (!tenant.equals(ctx.tenant())) {
            below(ctx, tenant, crossBarriers ? BarrierMode.IGNORE : BarrierMode.RESPECT);
        }
        return create(ctx, tenant, name, scopes, expiresAt);
    }

    private void below(SecurityContext ctx, TenantId tenant, BarrierMode mode) {
        Tenants current = tenants;
        TenantTree tree = current == null ? null : current.tree();
        if (current == null || tree == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", "the tenants are not known yet; try again in a moment");
        }
        current.get(ctx, tenant, mode);
        Tenant stopped = tree.stoppedBy(tenant);
        if (stopped != null) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION,
                    "TENANT_NOT_ACTIVE",
                    "The tenant is " + stopped.status().text() + ", itself or by one above it: a key would open nothing.");
        }
    }

    private Created create(
            SecurityContext ctx, TenantId tenant, String name, List<String> scopes, @Nullable Instant expiresAt) {
        NewKey request = NewKey.check(ctx, permission -> permitted(ctx, permission), name, scopes, expiresAt, clock.instant());
        Pepper secret = pepper;
        if (secret == null) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "API_KEYS_UNAVAILABLE", trouble + "; try again in a moment");
        }
        if (ring.count(tenant) >= MOST_KEYS_OF_A_TENANT) {
            throw new ProblemException(
                    ErrorCategory.RESOURCE_EXHAUSTED,
                    "TOO_MANY_API_KEYS",
                    "the tenant has " + MOST_KEYS_OF_A_TENANT + " keys that are not revoked; revoke some");
        }
        String token = KeyToken.generate(random);
        return new Created(store(ctx, tenant, request, token, secret), token);
    }

    @Override
    public List<ApiKey> list(SecurityContext ctx, @Nullable String after, int limit) {
        return table.list(TenantScope.of(ctx), after, limit);
    }

    @Override
    public List<ApiKey> listBefore(SecurityContext ctx, String before, int limit) {
        return table.listBefore(TenantScope.of(ctx), before, limit);
    }

    @Override
    public Optional<ApiKey> find(SecurityContext ctx, String id) {
        return table.find(TenantScope.of(ctx), id);
    }

    @Override
    public void revoke(SecurityContext ctx, String id) {
        if (!table.revoke(TenantScope.of(ctx), id, clock.instant(), AuditEvent.done(ctx, "api_key.revoke", id))) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "API_KEY_NOT_FOUND",
                    "the tenant has no such API key; GET /security/v1/api-keys lists all");
        }
        ring.remove(id);
    }

    /** Who comes with a key. */
    public Authenticator.Result recognize(String token) {
        if (!KeyToken.isWellFormed(token)) {
            return new Authenticator.Refused(BAD_TOKEN);
        }
        Pepper secret = pepper;
        if (secret == null) {
            return new Authenticator.Undecided(trouble.isEmpty() ? STARTING : trouble + "; try again in a moment");
        }
        KeyRing.Entry entry = ring.find(secret.hash(token));
        if (entry == null) {
            return new Authenticator.Refused(BAD_TOKEN);
        }
        if (entry.expiresAt() != null && !clock.instant().isBefore(entry.expiresAt())) {
            return new Authenticator.Refused("the API key has expired");
        }
        return new Authenticator.Authenticated(entry.context());
    }

    @Override
    public String name() {
        return "security";
    }

    @Override
    public Health health() {
        if (!trouble.isEmpty()) {
            return Health.down(trouble);
        }
        String unseen = poll.trouble();
        return unseen.isEmpty() ? Health.up() : Health.degraded(unseen);
    }
}
