// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import io.hyperspot.credstore.ConfiguredSecrets;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Values in AWS Secrets Manager. A call makes several requests at most, each within the configured timeout, and
 * begins none when thrice that has passed.
 */
@Component(
        service = {CredentialWorker.class, HealthContributor.class},
        configurationPid = "credentials-aws",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AwsConfig.class, factory = true)
@GtsWorker(type = CredentialWorker.TYPE, instance = CredentialWorker.TYPE + "hyperspot.credentials.aws.{name}.v1")
public final class AwsWorker implements CredentialWorker, HealthContributor {
    private static final Set<ErrorCategory> TROUBLE =
            Set.of(ErrorCategory.UNAVAILABLE, ErrorCategory.BAD_UPSTREAM, ErrorCategory.DEADLINE_EXCEEDED);

    private final String store;
    private final AwsHealth health;
    private final Problems problems;
    private final LongSupplier nanos;
    private final Duration patience;
    private final String misconfigured;
    private final ScopedValue<Boolean> resolving = ScopedValue.newInstance();
    private final SecretsService secrets;
    private final @Nullable SecretsManager aws;
    private final @Nullable AwsValues values;

    /**
     * @param secrets asked for when an access key is needed: what gives them follows this worker, and each of the two
     *     would have to be there before the other
     */
    @Activate
    public AwsWorker(
            @Reference ProviderClients clients,
            @Reference ComponentServiceObjects<ConfiguredSecrets> secrets,
            AwsConfig config,
            Map<String, Object> properties) {
        this(clients, new SecretsService(secrets), config, properties, System::getenv, Clock.systemUTC(), System::nanoTime);
    }

    AwsWorker(
            ProviderClients clients,
            SecretsService secrets,
            AwsConfig config,
            Map<String, Object> properties,
            UnaryOperator<@Nullable String> environment,
            Clock clock,
            LongSupplier nanos) {
        this.secrets = secrets;
        this.store = properties.get("instance.name") instanceof String given ? given : "aws";
        this.health = new AwsHealth(store);
        this.problems = new Problems(store);
        this.nanos = nanos;
        SecretsManager opened = null;
        AwsValues usable = null;
        String wrong = "";
        Duration time = Duration.ofSeconds(1);
        try {
            AwsSettings settings = AwsSettings.of(store, config);
            AccessKeys keys = AccessKeys.of(config, () -> secrets.get(problems), environment, problems);
            opened = new SecretsManager(
                    clients, settings, () -> guarded(keys), problems, clock, () -> ThreadLocalRandom.current().nextDouble());
            usable = new AwsValues(opened, settings, problems);
            time = settings.timeout().multipliedBy(3);
        } catch (IllegalArgumentException e) {
            wrong = String.valueOf(e.getMessage());
            health.misconfigured(wrong);
        }
        aws = opened;
        values = usable;
        misconfigured = wrong;
        patience = time;
    }

    /** A reference to a secret of this very store would be followed for ever. */
    private AccessKey guarded(AccessKeys keys) {
        return ScopedValue.where(resolving, true).call(keys::current);
    }

    @Deactivate
    void close() {
        if (aws != null) {
            aws.close();
        }
        secrets.close();
    }

    @Override
    public String store() {
        return store;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    private <T> T call(BiFunction<AwsValues, Deadline, T> call) {
        if (values == null) {
            throw problems.misconfigured(misconfigured);
        }
        if (resolving.isBound()) {
            throw problems.circular();
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
        return call((kept, deadline) -> kept.get(slot, deadline));
    }

    @Override
    public void put(Slot slot, Secret value) {
        call((kept, deadline) -> {
            kept.put(slot, value, deadline);
            return slot;
        });
    }

    @Override
    public void delete(Slot slot) {
        call((kept, deadline) -> {
            kept.delete(slot, deadline);
            return slot;
        });
    }

    @Override
    public String name() {
        return "credentials-aws-" + store;
    }

    @Override
    public Health health() {
        return health.health();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "secrets in AWS, store " + store;
    }
}
