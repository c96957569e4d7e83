// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import io.hyperspot.credentials.vault.VaultSettings.Auth;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Values in HashiCorp Vault, in a key-value engine of version 2. A call makes several requests at most, each
 * within the configured timeout, and begins none when thrice that has passed.
 */
@Component(
        service = {CredentialWorker.class, HealthContributor.class},
        configurationPid = "credentials-vault",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = VaultConfig.class, factory = true)
@GtsWorker(type = CredentialWorker.TYPE, instance = CredentialWorker.TYPE + "hyperspot.credentials.vault.{name}.v1")
public final class VaultWorker implements CredentialWorker, HealthContributor {
    private static final Set<ErrorCategory> TROUBLE =
            Set.of(ErrorCategory.UNAVAILABLE, ErrorCategory.BAD_UPSTREAM, ErrorCategory.DEADLINE_EXCEEDED);

    private final String store;
    private final VaultHealth health;
    private final Problems problems;
    private final LongSupplier nanos;
    private final Duration patience;
    private final String misconfigured;
    private final @Nullable VaultHttp http;
    private final @Nullable VaultKv values;

    @Activate
    public VaultWorker(@Reference ProviderClients clients, VaultConfig config, Map<String, Object> properties) {
        this(clients, config, properties, Clock.systemUTC(), System::nanoTime);
    }

    VaultWorker(ProviderClients clients, VaultConfig config, Map<String, Object> properties, Clock clock, LongSupplier nanos) {
        this.store = properties.get("instance.name") instanceof String given ? given : "vault";
        this.health = new VaultHealth(store);
        this.problems = new Problems(store);
        this.nanos = nanos;
        VaultHttp opened = null;
        VaultKv usable = null;
        String wrong = "";
        Duration time = Duration.ofSeconds(1);
        try {
            VaultSettings settings = VaultSettings.of(store, config);
            opened = new VaultHttp(clients, settings, problems, clock);
            Tokens tokens = settings.auth() == Auth.TOKEN
                    ? new TokenFile(new CredentialFile(settings.credentialFile(), problems))
                    : new LoginTokens(opened, Login.of(settings, opened, problems), problems, nanos);
            usable = new VaultKv(opened, tokens, settings, problems);
            time = settings.timeout().multipliedBy(3);
        } catch (IllegalArgumentException e) {
            wrong = String.valueOf(e.getMessage());
            health.misconfigured(wrong);
        }
        http = opened;
        values = usable;
        misconfigured = wrong;
        patience = time;
    }

    @Deactivate
    void close() {
        if (http != null) {
            http.close();
        }
    }

    @Override
    public String store() {
        return store;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    private <T> T call(BiFunction<VaultKv, Deadline, T> call) {
        if (values == null) {
            throw problems.misconfigured(misconfigured);
        }
        try {
            T answer = call.apply(values, Deadline.in(patience, nanos));
            health.asked(null);
            return answer;
        } catch (ProblemException e) {
            if (TROUBLE.contains(e.category())) {
                health.asked(e);
            }
            throw e;
        }
    }

    @Override
    public Optional<Secret> get(Slot slot) {
        return call((kv, deadline) -> kv.get(slot, deadline));
    }

    @Override
    public void put(Slot slot, Secret value) {
        call((kv, deadline) -> {
            kv.put(slot, value, deadline);
            return slot;
        });
    }

    @Override
    public void delete(Slot slot) {
        call((kv, deadline) -> {
            kv.delete(slot, deadline);
            return slot;
        });
    }

    @Override
    public String name() {
        return "credentials-vault-" + store;
    }

    @Override
    public Health health() {
        return health.health();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "secrets in Vault, store " + store;
    }
}
