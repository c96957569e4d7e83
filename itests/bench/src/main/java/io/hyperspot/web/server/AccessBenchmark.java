// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import ch.qos.logback.classic.Logger;
import io.hyperspot.authz.Authorization;
import io.hyperspot.authz.store.OpenedRules;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.KeyModule;
import io.hyperspot.security.keys.schema.tables.records.SecurityApiKeyRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/**
 * What authentication, authorization and all rate limits together cost a request, on one thread, for callers of
 * many tenants in turn, with few keys and with as many as a large installation has.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx4g")
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class AccessBenchmark {
    private static final int CALLERS = 1000;
    private static final int STEP = 5000;
    private static final Permission INVOKE = Permission.parse("gts.hyperspot.llm.*:invoke");
    private static final InetAddress FROM = InetAddress.ofLiteral("192.0.2.7");

    @Param({"10", "10000"})
    private int tenants;

    private Path home = Path.of("");
    private final PersistenceModule persistence = new PersistenceModule(home, Map.of("dsn", "sqlite::memory:"));
    private KeyModule keys;
    private Authorization authorization;
    private final RateLimits limits = new RateLimits(
            1_000_000_000, 60, 1_000_000_000, 1_000_000_000, List.of("POST /openai/v1/chat/completions=900000000"));
    private final List<String> tokens = new ArrayList<>();
    private int next;

    /** A hundred keys each tenant; those that call are made as anybody makes them. */
    @Setup(Level.Trial)
    public void open() throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(ch.qos.logback.classic.Level.WARN);
        home = Files.createTempDirectory("access");
        List<Migration> migrations = migrations("security", "V1__api_keys", "V2__sessions", "V3__key_changes");
        ready(new KeyModule(home, persistence, migrations, Clock.systemUTC(), Duration.ofSeconds(5))).close();
        Database database = persistence.open("security", migrations);
        for (int tenant = 0; tenant < tenants; tenant += STEP / 100) {
            int first = tenant;
            database.<Boolean>write(TenantScope.platform("the benchmark makes keys"), rows -> {
                List<SecurityApiKeyRecord> some = new ArrayList<>();
                for (int i = 0; i < STEP && first + i / 100 < tenants; i++) {
                    some.add(key(tenant(first + i / 100)));
                }
                rows.insertAll(some);
                return true;
            });
        }
        keys = ready(new KeyModule(home, persistence, migrations, Clock.systemUTC(), Duration.ofSeconds(5)));
        for (int i = 0; i < CALLERS; i++) {
            SecurityContext owner = new SecurityContext("user:owner", tenant(i % tenants), List.of(Permission.ALL));
            tokens.add(keys.create(owner, "caller", List.of(INVOKE.toString()), null).secret());
        }
        authorization = OpenedRules.over(persistence, migrations("authz", "V1__rules", "V2__generation"));
    }

    /** Its first start makes the secret that all keys are checked with. */
    private static KeyModule ready(KeyModule module) throws InterruptedException {
        while (module.health().state() != HealthContributor.State.UP) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return module;
    }

    private static TenantId tenant(int number) {
        return TenantId.of(new UUID(0x0192_f000_0000_7000L, 0x8000_0000_0000_0000L | number).toString());
    }

    private static SecurityApiKeyRecord key(TenantId tenant) {
        SecurityApiKeyRecord row = new SecurityApiKeyRecord();
        String id = UUID.randomUUID().toString();
        row.setId(id);
        row.setTenantId(tenant.toString());
        row.setName("k");
        row.setPrefix("hs_" + id.substring(0, 8));
        row.setHash((id + UUID.randomUUID()).replace("-", ""));
        row.setScopes(INVOKE.toString());
        row.setCreatedBy("user:owner");
        row.setCreatedAt(0L);
        return row;
    }

    private static List<Migration> migrations(String module, String... names) throws IOException {
        List<Migration> all = new ArrayList<>();
        for (String name : names) {
            String file = name + ".sql";
            try (InputStream in = KeyModule.class.getClassLoader().getResourceAsStream("db/migration/" + module + "/" + file)) {
                all.add(new Migration(file, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
        return all;
    }

    @TearDown(Level.Trial)
    public void close() {
        keys.close();
        persistence.close();
    }

    @Benchmark
    public SecurityContext wholeChain() {
        HttpFields.Mutable answer = HttpFields.build();
        limits.arrived(FROM, answer);
        limits.beforeCredential(FROM, answer);
        SecurityContext caller = authenticated();
        limits.called(caller, FROM, "POST", "/openai/v1/chat/completions", 0, answer);
        return authorization.admit(caller, INVOKE, FROM);
    }

    @Benchmark
    public SecurityContext authenticate() {
        return authenticated();
    }

    private SecurityContext authenticated() {
        String token = tokens.get(next++ % CALLERS);
        return switch (keys.recognize(token)) {
            case Authenticator.Authenticated found -> found.context();
            case Authenticator.Result other -> throw new IllegalStateException(other.toString());
        };
    }
}
