// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.Migration;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The databases of this installation. Nothing is opened before the first use. */
@Component(
        service = {Databases.class, HealthContributor.class},
        configurationPid = "persistence")
@Designate(ocd = PersistenceConfig.class)
public final class PersistenceModule implements Databases, HealthContributor {
    private static final Pattern MODULE = Pattern.compile("[a-z][a-z0-9_]{0,29}");
    private static final int SHORTEST_MS = 250;

    private final Store store;

    /**
     * @throws IllegalArgumentException for a value that is out of range
     */
    @Activate
    public PersistenceModule(BundleContext context, PersistenceConfig config) {
        Duration acquire = millis("acquire_timeout_ms", config.acquire__timeout__ms());
        Duration transaction = millis("transaction_timeout_ms", config.transaction__timeout__ms());
        Dsn.Access access = new Dsn.Access(
                config.user(), config.password(), config.owner__user(), config.owner__password(), acquire, transaction);
        store = new Store(
                Dsn.engine(config.dsn(), home(context), access),
                atLeast("pool_size", config.pool__size(), 1),
                acquire,
                transaction,
                Duration.ofMillis(atLeast("slow_statement_ms", config.slow__statement__ms(), 0)));
    }

    /** SQLite below a home directory with the default limits: for tests of modules that keep data. */
    public PersistenceModule(Path home) {
        this(home, Map.of("dsn", "sqlite"));
    }

    /**
     * Any database with the default limits: for tests of modules that keep data.
     *
     * @param values by the keys of the configuration, {@code dsn} and what it needs
     */
    public PersistenceModule(Path home, Map<String, String> values) {
        store = new Store(engine(home, values), 8, Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    static Engine engine(Path home, Map<String, String> values) {
        Dsn.Access access = new Dsn.Access(
                values.getOrDefault("user", ""),
                values.getOrDefault("password", ""),
                values.getOrDefault("owner_user", ""),
                values.getOrDefault("owner_password", ""),
                Duration.ofSeconds(3),
                Duration.ofSeconds(60));
        return Dsn.engine(values.getOrDefault("dsn", "sqlite"), home, access);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home);
    }

    private static Duration millis(String key, int value) {
        return Duration.ofMillis(atLeast(key, value, SHORTEST_MS));
    }

    private static int atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("modules.persistence." + key + " must be at least " + least);
        }
        return value;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindMetrics(MeterRegistry registry) {
        store.measure(registry);
    }

    void unbindMetrics(MeterRegistry registry) {
        store.endMeasuring(registry);
    }

    /** Waits for nobody: transactions at work fail. */
    @Deactivate
    public void close() {
        store.close();
    }

    @Override
    public Database open(String module, List<Migration> migrations) {
        if (!MODULE.matcher(module).matches()) {
            throw new IllegalArgumentException("'" + module + "' is no module name: lower case, digits and underscores");
        }
        return new ModuleDatabase(store, module, new Migrations(module, migrations));
    }

    @Override
    public Delivering deliver(MessageHandler handler) {
        return store.outbox().deliver(handler)::close;
    }

    /** How many statements all transactions have sent so far: for tests that hold their number. */
    public long statements() {
        return store.statements();
    }

    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public Health health() {
        return store.health();
    }
}
