// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import io.hyperspot.authz.engine.Binding;
import io.hyperspot.authz.engine.Policy;
import io.hyperspot.authz.engine.RuleSet;
import io.hyperspot.authz.engine.TenantRules;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the door's question costs, on one thread, in a tenant with 10,000 bindings and in one without rules. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AuthzBenchmark {
    private static final TenantId TENANT = TenantId.of("0192f0c1-2345-7000-8000-00000000000a");
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");
    private static final Instant NOW = Instant.parse("2026-11-25T08:00:00Z");
    private static final int BINDINGS = 10_000;

    private final TenantRules roles = new TenantRules(new RuleSet(List.of(), bindings(), List.of()));
    private final TenantRules policies = new TenantRules(new RuleSet(List.of(), bindings(), policies()));
    private final SecurityContext caller = caller("user:u77");
    private final SecurityContext holder = new SecurityContext("key:hs_1", TENANT, List.of(READ));
    private int next;

    private static List<Binding> bindings() {
        List<Binding> all = new ArrayList<>();
        for (int i = 0; i < BINDINGS; i++) {
            all.add(new Binding("b" + i, "user:u" + i, "viewer", null, NOW, null, 1));
        }
        return all;
    }

    /** Ten that are about what is asked for, each with a condition that is evaluated, and ten that are not. */
    private static List<Policy> policies() {
        List<Policy> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String target = i % 2 == 0 ? "gts.hyperspot.llm.*:read" : "gts.acme.shop.*:write";
            all.add(new Policy(
                    "p" + i,
                    "p" + i,
                    "",
                    Policy.Effect.FORBID,
                    Permission.parse(target),
                    "",
                    "'intern' in subject.groups && (context.hour < 8 || context.hour >= " + (18 + i % 5) + ")",
                    List.of(),
                    NOW,
                    1));
        }
        return all;
    }

    private static SecurityContext caller(String subject) {
        return new SecurityContext(subject, TENANT, List.of());
    }

    private SecurityContext admit(TenantRules rules, SecurityContext who) {
        return AuthzModule.admit(rules, who, READ, null, NOW);
    }

    @Benchmark
    public SecurityContext withoutRules() {
        return admit(TenantRules.NONE, holder);
    }

    @Benchmark
    public SecurityContext cached() {
        return admit(roles, caller);
    }

    /** Each call by another caller, with a group of its own so that it was never seen. */
    @Benchmark
    public SecurityContext uncached() {
        int number = next++;
        return admit(
                roles,
                new SecurityContext(
                        "user:u" + number % BINDINGS,
                        TENANT,
                        List.of("g" + number),
                        List.of(),
                        List.of(Permission.ALL)));
    }

    @Benchmark
    public SecurityContext withPolicies() {
        return admit(policies, caller);
    }
}
