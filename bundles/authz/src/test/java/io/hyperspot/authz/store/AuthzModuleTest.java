// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.authz.AccessRequest;
import io.hyperspot.authz.AccessScope;
import io.hyperspot.authz.Decision;
import io.hyperspot.authz.Decision.Code;
import io.hyperspot.authz.engine.Binding;
import io.hyperspot.authz.engine.Policy;
import io.hyperspot.authz.engine.Role;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The module over each kind of database. */
@Timeout(120)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class AuthzModuleTest {
    private static final TenantId A = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    private static final TenantId B = TenantId.of("0192f000-0000-7000-8000-00000000000b");
    private static final SecurityContext ADMIN = new SecurityContext("user:admin", A, List.of(Permission.ALL));
    private static final SecurityContext ADA = new SecurityContext("user:ada", A, List.of());
    private static final SecurityContext KEY =
            new SecurityContext("key:hs_1", A, List.of(Permission.parse("gts.hyperspot.llm.*:invoke")));
    private static final Permission INVOKE = Permission.parse("gts.hyperspot.llm.*:invoke");
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");
    private static final Permission WRITE = Permission.parse("gts.hyperspot.llm.*:write");

    @TempDir
    private Path home;

    private final TestDatabase kind;
    private final MovedClock clock = new MovedClock();
    private PersistenceModule persistence;
    private AuthzModule module;

    AuthzModuleTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws Exception {
        persistence = new PersistenceModule(home, kind.fresh());
        module = open();
    }

    private AuthzModule open() throws Exception {
        AuthzModule opened = new AuthzModule(persistence, migrations(), clock, Duration.ofMillis(50));
        await().until(() -> opened.health().state() != State.DOWN);
        return opened;
    }

    private static List<Migration> migrations() throws Exception {
        Path folder = Path.of("src/main/resources/db/migration/authz");
        List<Migration> migrations = new ArrayList<>();
        for (String file : List.of("U1__rules.sql", "U2__generation.sql", "V1__rules.sql", "V2__generation.sql")) {
            migrations.add(new Migration(file, Files.readString(folder.resolve(file))));
        }
        return migrations;
    }

    @AfterEach
    void stop() throws Exception {
        module.close();
        persistence.close();
    }

    private RuleBook book() {
        return module.book();
    }

    private Role role(SecurityContext ctx, String name, List<String> permissions, List<String> parents) {
        return book().create(ctx, RuleDraft.role(name, null, permissions, parents));
    }

    private Binding bind(SecurityContext ctx, String principal, String role) {
        return book().create(ctx, RuleDraft.binding(principal, role, null, null, null));
    }

    private Policy policy(String effect, String target, @Nullable String principal, @Nullable String condition, String... from) {
        return book().create(
                ADMIN, RuleDraft.policy("p" + book().rules(ADMIN).policies().size(), null, effect, target, principal, condition, List.of(from), true));
    }

    private boolean passes(SecurityContext caller, Permission needed) {
        return passes(caller, needed, null);
    }

    private boolean passes(SecurityContext caller, Permission needed, @Nullable String from) {
        try {
            SecurityContext inside =
                    module.admit(caller, needed, from == null ? null : InetAddress.ofLiteral(from));
            assertThat(inside.tenant()).isEqualTo(caller.tenant());
            return true;
        } catch (ProblemException e) {
            assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION_DENIED);
            return false;
        }
    }

    private Decision decide(SecurityContext caller, String type, String action, @Nullable String id) {
        return module.decide(AuthzModule.request(
                caller, new AccessRequest.Resource(GtsPattern.parse(type), id, Map.of()), action, null));
    }

    private static void assertProblem(ErrorCategory category, String words, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.detail()).contains(words);
    }

    @Test
    void deniesByDefaultAndLetsACredentialsOwnPermissionsPass() {
        assertThat(passes(ADA, READ)).isFalse();
        assertThat(passes(KEY, INVOKE)).isTrue();
        assertThat(passes(KEY, READ)).isFalse();
        assertThat(decide(ADA, "gts.hyperspot.llm.*", "read", null).code()).isEqualTo(Code.NOT_GRANTED);
    }

    @Test
    void asksTheDatabaseNothingToDecide() {
        bind(ADMIN, "user:ada", role(ADMIN, "reader", List.of("gts.hyperspot.llm.*:read"), List.of()).id());
        assertThat(passes(ADA, READ)).isTrue();
        long before = persistence.statements();
        for (int i = 0; i < 100_000; i++) {
            assertThat(module.admit(ADA, READ, null)).isNotNull();
        }
        // another server's changes are looked for every 50 ms meanwhile
        assertThat(persistence.statements() - before).isLessThan(1000);
    }

    @Test
    void grantsByInheritedRolesFromTheNextRequestOn() {
        Role base = role(ADMIN, "base", List.of("gts.hyperspot.llm.*:read"), List.of());
        Role middle = role(ADMIN, "middle", List.of(), List.of(base.id()));
        Role top = role(ADMIN, "top", List.of("gts.hyperspot.llm.*:invoke"), List.of(middle.id()));
        assertThat(passes(ADA, READ)).isFalse();
        Binding binding = bind(ADMIN, "user:ada", top.id());
        assertThat(passes(ADA, READ)).isTrue();
        assertThat(passes(ADA, INVOKE)).isTrue();
        assertThat(passes(ADA, WRITE)).isFalse();
        assertThat(module.admit(ADA, READ, null).allows(INVOKE)).isTrue();
        assertThat(decide(ADA, "gts.hyperspot.llm.*", "read", null).rule()).isEqualTo("role top by binding " + binding.id());

        book().update(ADMIN, base.id(), 1, RuleDraft.role("base", null, List.of("gts.hyperspot.llm.*:write"), null));
        assertThat(passes(ADA, READ)).isFalse();
        assertThat(passes(ADA, WRITE)).isTrue();
        book().delete(ADMIN, binding);
        assertThat(passes(ADA, WRITE)).isFalse();
    }

    @Test
    void grantsToGroupsButNotBeyondTheScopesOfACredential() {
        bind(ADMIN, "group:dev", "viewer");
        SecurityContext ofGroup = new SecurityContext("user:bob", A, List.of("dev"), List.of(), List.of(Permission.ALL));
        SecurityContext limited = new SecurityContext("user:bob", A, List.of("dev"), List.of(), List.of(INVOKE));
        assertThat(passes(ofGroup, READ)).isTrue();
        assertThat(passes(limited, READ)).isFalse();
        assertThat(decide(limited, "gts.hyperspot.llm.*", "read", null).code()).isEqualTo(Code.OUT_OF_SCOPE);
        assertThat(passes(ADA, READ)).isFalse();
    }

    @Test
    void refusesCyclesUnknownParentsTakenNamesAndStaleVersions() {
        Role base = role(ADMIN, "base", List.of("gts.hyperspot.llm.*:read"), List.of());
        Role top = role(ADMIN, "top", List.of(), List.of(base.id()));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                "circles",
                () -> book().update(ADMIN, base.id(), 1, RuleDraft.role("base", null, List.of(), List.of(top.id()))));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                "circles",
                () -> book().update(ADMIN, base.id(), 1, RuleDraft.role("base", null, List.of(), List.of(base.id()))));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "no role", () -> role(ADMIN, "x", List.of(), List.of("nobody")));
        assertProblem(ErrorCategory.ALREADY_EXISTS, "taken", () -> role(ADMIN, "base", List.of("gts.*:read"), List.of()));
        assertProblem(ErrorCategory.ALREADY_EXISTS, "taken", () -> role(ADMIN, "admin", List.of("gts.*:read"), List.of()));
        assertProblem(ErrorCategory.FAILED_PRECONDITION, "parent", () -> book().delete(ADMIN, base));
        assertProblem(ErrorCategory.FAILED_PRECONDITION, "built in", () -> book().delete(ADMIN, book().role(ADMIN, "admin")));
        assertProblem(
                ErrorCategory.FAILED_PRECONDITION,
                "built in",
                () -> book().update(ADMIN, "admin", 0, RuleDraft.role("admin", null, List.of("gts.*:read"), null)));
        assertProblem(
                ErrorCategory.PRECONDITION_FAILED,
                "changed",
                () -> book().update(ADMIN, base.id(), 7, RuleDraft.role("base", null, List.of("gts.*:read"), null)));
        // a homograph: the a is Cyrillic
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "lower-case", () -> role(ADMIN, "b\u0430se", List.of("gts.*:read"), List.of()));
    }

    @Test
    void letsNobodyGrantMoreThanTheyHold() {
        SecurityContext small = new SecurityContext(
                "user:small", A, List.of(Permission.parse("gts.hyperspot.core.authz.*:*"), READ));
        assertProblem(ErrorCategory.PERMISSION_DENIED, "gts.*:*", () -> role(small, "x", List.of("gts.*:*"), List.of()));
        assertProblem(ErrorCategory.PERMISSION_DENIED, "more than", () -> role(small, "x", List.of(), List.of("admin")));
        assertProblem(ErrorCategory.PERMISSION_DENIED, "more than", () -> bind(small, "user:small", "admin"));
        assertProblem(
                ErrorCategory.PERMISSION_DENIED,
                "more than",
                () -> book().create(small, RuleDraft.policy("x", null, "permit", "gts.*:*", "user:small", null, null, false)));
        Role own = role(small, "own", List.of("gts.hyperspot.llm.*:read"), List.of());
        bind(small, "user:ada", own.id());
        assertProblem(
                ErrorCategory.PERMISSION_DENIED,
                "more than",
                () -> book().update(small, own.id(), 1, RuleDraft.role("own", null, List.of("gts.hyperspot.llm.*:write"), null)));
        assertThat(passes(ADA, READ)).isTrue();
        assertThat(passes(ADA, WRITE)).isFalse();
    }

    @Test
    void keepsTenantsApart() {
        SecurityContext other = new SecurityContext("user:admin", B, List.of(Permission.ALL));
        Role role = role(ADMIN, "mine", List.of("gts.hyperspot.llm.*:read"), List.of());
        Binding binding = bind(ADMIN, "user:ada", role.id());
        Policy policy = policy("forbid", "gts.*:write", null, null);
        assertProblem(ErrorCategory.NOT_FOUND, "no such role", () -> book().role(other, role.id()));
        assertProblem(ErrorCategory.NOT_FOUND, "no such role", () -> bind(other, "user:ada", role.id()));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "no role", () -> role(other, "x", List.of(), List.of(role.id())));
        assertProblem(ErrorCategory.NOT_FOUND, "no such binding", () -> book().binding(other, binding.id()));
        assertProblem(ErrorCategory.NOT_FOUND, "no such policy", () -> book().policy(other, policy.id()));
        assertProblem(ErrorCategory.NOT_FOUND, "gone", () -> book().delete(other, role(ADMIN, "free", List.of("gts.*:read"), List.of())));
        assertThat(passes(new SecurityContext("user:ada", B, List.of()), READ)).isFalse();
        assertThat(passes(other, WRITE)).isTrue();
        assertThat(passes(ADMIN, WRITE)).isFalse();
    }

    @Test
    void endsBindingsAtTheirTime() {
        book().create(ADMIN, RuleDraft.binding("user:ada", "viewer", null, null, clock.instant().plusSeconds(60)));
        assertThat(passes(ADA, READ)).isTrue();
        clock.advanceSeconds(59);
        assertThat(passes(ADA, READ)).isTrue();
        clock.advanceSeconds(1);
        assertThat(passes(ADA, READ)).isFalse();
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                "future",
                () -> book().create(ADMIN, RuleDraft.binding("user:ada", "viewer", null, null, Instant.EPOCH)));
    }

    @Test
    void letsAForbiddingPolicyWin() {
        policy("permit", "gts.hyperspot.llm.*:*", "user:ada", null);
        assertThat(passes(ADA, READ)).isTrue();
        Policy forbid = policy("forbid", "gts.hyperspot.llm.*:read", null, "subject.type == 'user' && context.hour >= 8");
        assertThat(passes(ADA, READ)).isFalse();
        assertThat(passes(ADMIN, READ)).isFalse();
        assertThat(passes(KEY, INVOKE)).isTrue();
        assertThat(decide(ADMIN, "gts.hyperspot.llm.*", "read", null).rule()).isEqualTo("policy " + forbid.name());
        clock.advanceSeconds(16 * 3600);
        assertThat(passes(ADA, READ)).isTrue();
    }

    @Test
    void deniesAndTellsWhenAPolicyFails() {
        policy("permit", "gts.hyperspot.llm.*:*", "user:ada", "subject.properties.nothing == 1");
        assertThat(passes(ADA, READ)).isFalse();
        assertThat(module.health().state()).isEqualTo(State.DEGRADED);
        policy("forbid", "gts.hyperspot.llm.*:*", null, "resource.properties.level > 3");
        assertThat(passes(KEY, INVOKE)).isFalse();
        assertThat(decide(KEY, "gts.hyperspot.llm.*", "invoke", null).code()).isEqualTo(Code.POLICY_FAILED);
        assertThat(module.health().toString()).contains("level");
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "undeclared", () -> policy("forbid", "gts.*:*", null, "nobody.knows"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "", () -> policy("forbid", "gts.*:*", null, "1 + 1"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "", () -> policy("forbid", "gts.*:*", null, "[1].all(x, x > 0)"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "", () -> policy("forbid", "gts.*:*", null, "'" + "x".repeat(3000) + "' == ''"));
    }

    @Test
    void letsRequestsComeFromListedAddressesOnly() {
        policy("restrict", "gts.*:*", null, null, "192.0.2.0/24", "2001:db8::/32", "::ffff:198.51.100.0/120");
        assertThat(passes(KEY, INVOKE, "192.0.2.77")).isTrue();
        assertThat(passes(KEY, INVOKE, "::ffff:192.0.2.77")).isTrue();
        assertThat(passes(KEY, INVOKE, "2001:db8::1")).isTrue();
        assertThat(passes(KEY, INVOKE, "198.51.100.9")).isTrue();
        assertThat(passes(KEY, INVOKE, "198.51.101.9")).isFalse();
        assertThat(passes(KEY, INVOKE, "192.0.3.1")).isFalse();
        assertThat(passes(KEY, INVOKE, "2001:db9::1")).isFalse();
        assertThat(passes(KEY, INVOKE)).isFalse();
        policy("restrict", "gts.*:*", "key:hs_1", null, "192.0.2.1");
        assertThat(passes(KEY, INVOKE, "192.0.2.1")).isTrue();
        assertThat(passes(KEY, INVOKE, "192.0.2.77")).isFalse();
        for (String wrong : List.of("10.0.0.0/33", "10.1", "1.2.3.4-9", "*", "", "localhost", "010.0.0.1", "::1%eth0")) {
            assertProblem(ErrorCategory.INVALID_ARGUMENT, "'", () -> policy("restrict", "gts.*:*", null, null, wrong));
        }
    }

    @Test
    void grantsSingleResourcesInsideButNotAtTheDoor() {
        book().create(ADMIN, RuleDraft.binding("user:ada", "owner", "gts.hyperspot.llm.models.model.v1~", "m1", null));
        assertThat(passes(ADA, Permission.parse("gts.hyperspot.llm.models.model.v1~:read"))).isFalse();
        GtsPattern type = GtsPattern.parse("gts.hyperspot.llm.models.model.v1~");
        for (String action : List.of("read", "write", "delete", "admin")) {
            assertThat(module.scope(ADA, type, action, null)).isEqualTo(new AccessScope(Set.of(A), Optional.of(Set.of("m1"))));
        }
        assertThat(module.scope(ADA, type, "read", "m1").isNothing()).isFalse();
        assertThat(module.scope(ADA, type, "read", "m2").isNothing()).isTrue();
        assertThat(module.scope(ADMIN, type, "read", null)).isEqualTo(new AccessScope(Set.of(A), Optional.empty()));
    }

    @Test
    void knowsItsRulesAfterARestart() throws Exception {
        bind(ADMIN, "user:ada", "viewer");
        policy("forbid", "gts.*:delete", null, "action == 'delete'");
        module.close();
        module = open();
        assertThat(passes(ADA, READ)).isTrue();
        assertThat(passes(ADMIN, Permission.parse("gts.hyperspot.llm.*:delete"))).isFalse();
        assertThat(book().rules(ADMIN).policies()).hasSize(1);
    }

    @Test
    void takesAccessOnlyFromTheTenantWhoseRuleIsMalformed() throws Exception {
        SecurityContext other = new SecurityContext("user:ada", B, List.of());
        bind(new SecurityContext("user:admin", B, List.of(Permission.ALL)), "user:ada", "viewer");
        Role role = role(ADMIN, "mine", List.of("gts.hyperspot.llm.*:read"), List.of());
        Tables.RoleRow row = new Tables.RoleRow();
        row.set(Tables.ROLE.permissions, "nonsense");
        persistence.open("authz", migrations())
                .write(TenantScope.of(Set.of(A)), rows -> rows.update(row, Tables.ROLE.id.eq(role.id())));
        module.close();
        module = open();
        assertThat(passes(other, READ)).isTrue();
        assertProblem(ErrorCategory.UNAVAILABLE, "cannot be read", () -> module.admit(ADMIN, READ, null));
        assertThat(decide(ADMIN, "gts.hyperspot.llm.*", "read", null).code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(module.health().state()).isEqualTo(State.DEGRADED);
        assertThat(module.health().toString()).contains(A.toString(), "nonsense").doesNotContain(B.toString());

        row.set(Tables.ROLE.permissions, "gts.hyperspot.llm.*:read");
        persistence.open("authz", migrations())
                .write(TenantScope.of(Set.of(A)), rows -> rows.update(row, Tables.ROLE.id.eq(role.id())));
        await().until(() -> module.health().state() == State.UP);
        assertThat(passes(ADMIN, READ)).isTrue();
    }

    @Test
    void forbidsWhereANarrowerTargetAndAnOperationMeet() {
        policy("forbid", "gts.hyperspot.llm.models.model.v1.2~acme.*:read", "key:hs_1", null);
        SecurityContext all = new SecurityContext("key:hs_1", A, List.of(Permission.ALL));
        for (String met : List.of(
                "gts.hyperspot.llm.*:read",
                "gts.*:*",
                "gts.hyperspot.llm.models.model.v1~:read",
                "gts.hyperspot.llm.models.model.v1~acme.shop.*:read",
                "gts.hyperspot.llm.models.model.v1~acme.shop.a.b.v1~:*")) {
            assertThat(passes(all, Permission.parse(met))).as(met).isFalse();
        }
        for (String apart : List.of(
                "gts.hyperspot.llm.*:write",
                "gts.hyperspot.core.*:read",
                "gts.hyperspot.llm.models.model.v2~:read",
                "gts.hyperspot.llm.models.model.v1.3~:read",
                "gts.hyperspot.llm.models.model.v1~bravo.*:read")) {
            assertThat(passes(all, Permission.parse(apart))).as(apart).isTrue();
        }
        policy("restrict", "gts.hyperspot.core.plugins.plugin.v1~:read", "key:hs_1", null, "192.0.2.1");
        assertThat(passes(all, Permission.parse("gts.hyperspot.core.plugins.*:read"), "192.0.2.1")).isTrue();
        assertThat(passes(all, Permission.parse("gts.hyperspot.core.plugins.*:read"), "192.0.2.2")).isFalse();
    }

    @Test
    void refusesAPolicyThatCanShutOutItsAuthorUnlessForced() {
        for (String effect : List.of("restrict", "forbid")) {
            List<String> from = effect.equals("restrict") ? List.of("192.0.2.1") : List.of();
            assertProblem(
                    ErrorCategory.FAILED_PRECONDITION,
                    "force",
                    () -> book().create(ADMIN, RuleDraft.policy("p", null, effect, "gts.*:*", null, null, from, false)));
            assertProblem(
                    ErrorCategory.FAILED_PRECONDITION,
                    "force",
                    () -> book().create(ADMIN, RuleDraft.policy("p", null, effect, null, "user:admin", null, from, false)));
            Policy ofAda = book().create(ADMIN, RuleDraft.policy(effect, null, effect, null, "user:ada", null, from, false));
            assertProblem(
                    ErrorCategory.FAILED_PRECONDITION,
                    "force",
                    () -> book().update(ADMIN, ofAda.id(), 1, RuleDraft.policy("p", null, effect, null, null, null, from, false)));
            book().create(ADMIN, RuleDraft.policy(effect + "-models", null, effect, "gts.hyperspot.llm.*:*", null, null, from, false));
        }
        assertThat(passes(ADMIN, Permission.parse("gts.hyperspot.core.authz.*:write"))).isTrue();
        book().create(ADMIN, RuleDraft.policy("p", null, "forbid", null, null, null, null, true));
        assertThat(passes(ADMIN, Permission.parse("gts.hyperspot.core.authz.*:write"))).isFalse();
    }

    @Test
    void followsTheChangesOfAnotherServer() throws Exception {
        AuthzModule other = open();
        try {
            Binding binding = bind(ADMIN, "user:ada", "viewer");
            await().until(() -> other.decide(AuthzModule.request(
                            ADA, new AccessRequest.Resource(READ.resource(), null, Map.of()), "read", null))
                    .allowed());
            other.book().delete(ADMIN, binding);
            await().until(() -> !passes(ADA, READ));
            policy("forbid", "gts.hyperspot.llm.*:invoke", null, null);
            await().until(() -> other.decide(AuthzModule.request(
                                    KEY, new AccessRequest.Resource(INVOKE.resource(), null, Map.of()), "invoke", null))
                            .code()
                    == Code.FORBIDDEN);
        } finally {
            other.close();
        }
    }

    @Test
    void letsNobodyInWhileTheRulesAreNotLoaded() throws Exception {
        AuthzModule without = new AuthzModule(
                new BrokenDatabases(),
                List.of(),
                clock,
                Duration.ofSeconds(5));
        try {
            assertProblem(ErrorCategory.UNAVAILABLE, "try again", () -> without.admit(ADMIN, READ, null));
            await().until(() -> without.health().toString().contains("the disk is gone"));
            assertThat(without.health().state()).isEqualTo(State.DOWN);
            assertThat(without.decide(AuthzModule.request(
                                    ADMIN, new AccessRequest.Resource(GtsPattern.parse("gts.*"), null, Map.of()), "read", null))
                            .code())
                    .isEqualTo(Code.UNAVAILABLE);
        } finally {
            without.close();
        }
    }

    /** A database whose disk is gone. */
    private static final class BrokenDatabases implements Databases, Database {
        @Override
        public Database open(String module, List<Migration> migrations) {
            return this;
        }

        @Override
        public Delivering deliver(MessageHandler handler) {
            return () -> {};
        }

        @Override
        public <T extends @Nullable Object> T read(TenantScope scope, Function<? super Reading, T> work) {
            throw new IllegalStateException("the disk is gone");
        }

        @Override
        public <T extends @Nullable Object> T write(TenantScope scope, Function<? super Writing, T> work) {
            throw new IllegalStateException("the disk is gone");
        }
    }
}
