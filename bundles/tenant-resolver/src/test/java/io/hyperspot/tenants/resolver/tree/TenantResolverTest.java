// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.NewTenant;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.Tenants;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TenantResolverTest {
    private static final long ANY = Tenants.ANY_VERSION;
    private static final BarrierMode RESPECT = BarrierMode.RESPECT;
    private static final TenantId NOBODY = id(99);
    private static final SecurityContext ROOT = ctx(TenantId.ROOT);

    /** Below the root: 2, which manages itself, with 3; and 4 with 5. */
    private final MemoryDirectory.Writable directory = new MemoryDirectory.Writable(
            tenant(2, TenantId.ROOT, true), tenant(3, id(2), false), tenant(4, TenantId.ROOT, false), tenant(5, id(4), false));

    private final FakeWorkers workers = new FakeWorkers(directory);
    private TenantResolver resolver;

    private static TenantId id(long number) {
        return new TenantId(new UUID(0x7000, number));
    }

    private static Tenant tenant(long number, @Nullable TenantId parent, boolean selfManaged) {
        return new Tenant(id(number), parent, "tenant " + number, "", Status.ACTIVE, selfManaged, Instant.EPOCH, 1);
    }

    private static SecurityContext ctx(TenantId tenant) {
        return new SecurityContext("user:test", tenant, List.of(Permission.ALL));
    }

    @BeforeEach
    void start() {
        resolver = new TenantResolver(workers, "", 20, Clock.systemUTC());
        await().until(() -> resolver.tree() != null);
    }

    @AfterEach
    void stop() {
        resolver.close();
        assertThat(workers.closed).isTrue();
        assertThat(directory.follower).isNull();
    }

    private static void refused(ErrorCategory category, String code, ThrowingCallable call) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, call);
        assertThat(problem).as(code).isNotNull();
        assertThat(problem.code()).as(problem.detail()).isEqualTo(code);
        assertThat(problem.category()).isEqualTo(category);
    }

    private List<TenantId> below(SecurityContext ctx, TenantId id, BarrierMode mode) {
        return resolver.descendants(ctx, id, 32, EnumSet.allOf(Status.class), mode).stream().map(Tenant::id).toList();
    }

    @Test
    void showsACallerItsOwnTenantAndThoseBelowItOnly() {
        assertThat(resolver.root(ctx(id(4))).id()).isEqualTo(id(4));
        assertThat(resolver.get(ctx(id(4)), id(5), RESPECT).id()).isEqualTo(id(5));
        for (TenantId other : List.of(TenantId.ROOT, id(2), id(3), NOBODY)) {
            refused(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> resolver.get(ctx(id(4)), other, RESPECT));
            refused(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> below(ctx(id(4)), other, RESPECT));
            refused(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> resolver.suspend(ctx(id(4)), other, ANY, RESPECT));
            refused(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> resolver.create(ctx(id(4)), new NewTenant(other, "x", "", false)));
        }
        assertThat(resolver.get(ctx(id(4)), List.of(TenantId.ROOT, id(5), NOBODY, id(4)), RESPECT))
                .extracting(Tenant::id)
                .containsExactly(id(5), id(4));
        assertThat(resolver.ancestors(ctx(id(4)), id(5), RESPECT)).extracting(Tenant::id).containsExactly(id(4));
        assertThat(resolver.isAncestor(ctx(id(4)), id(4), id(5), RESPECT)).isTrue();
        assertThat(below(ctx(id(2)), id(2), RESPECT)).containsExactly(id(3));
    }

    @Test
    void respectsBarriersUnlessThePlatformAsksOtherwise() {
        assertThat(below(ROOT, TenantId.ROOT, RESPECT)).containsExactly(id(4), id(5));
        refused(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> resolver.get(ROOT, id(3), RESPECT));
        assertThat(below(ROOT, TenantId.ROOT, BarrierMode.IGNORE)).containsExactly(id(2), id(3), id(4), id(5));
        assertThat(resolver.ancestors(ROOT, id(3), BarrierMode.IGNORE)).extracting(Tenant::id).containsExactly(id(2), TenantId.ROOT);
        // every permission of a tenant in the middle is none to cross barriers
        refused(ErrorCategory.PERMISSION_DENIED, "BARRIER", () -> below(ctx(id(4)), id(4), BarrierMode.IGNORE));
        SecurityContext weak = new SecurityContext("user:weak", TenantId.ROOT, List.of(Permission.parse("gts.hyperspot.core.tenants.*:read")));
        refused(ErrorCategory.PERMISSION_DENIED, "BARRIER", () -> resolver.get(weak, id(2), BarrierMode.IGNORE));
    }

    @Test
    void keepsTheRulesOfALife() {
        Tenant made = resolver.create(ctx(id(4)), new NewTenant(null, "  Mu\u0308ller ", "reseller", false));
        assertThat(made.parent()).isEqualTo(id(4));
        assertThat(made.name()).isEqualTo("M\u00fcller");
        assertThat(made.id().value().version()).isEqualTo(7);
        assertThat(directory.tenants).containsEntry(made.id(), made);
        refused(ErrorCategory.FAILED_PRECONDITION, "TENANT_NOT_DELETED", () -> resolver.purge(ROOT, made.id(), ANY, RESPECT));
        Tenant child = resolver.create(ROOT, new NewTenant(made.id(), "child", "", false));

        assertThat(resolver.suspend(ROOT, made.id(), ANY, RESPECT).status()).isEqualTo(Status.SUSPENDED);
        assertThat(resolver.suspend(ROOT, made.id(), ANY, RESPECT).version()).as("nothing happens twice").isEqualTo(2);
        refused(ErrorCategory.FAILED_PRECONDITION, "PARENT_NOT_ACTIVE", () -> resolver.create(ROOT, new NewTenant(child.id(), "x", "", false)));
        assertThat(Objects.requireNonNull(resolver.tree()).stoppedBy(child.id())).isNotNull();
        assertThat(resolver.resume(ROOT, made.id(), 2, RESPECT).isActive()).isTrue();
        assertThat(Objects.requireNonNull(resolver.tree()).stoppedBy(child.id())).isNull();

        resolver.delete(ROOT, made.id(), ANY, RESPECT);
        refused(ErrorCategory.FAILED_PRECONDITION, "TENANT_IS_DELETED", () -> resolver.suspend(ROOT, made.id(), ANY, RESPECT));
        refused(ErrorCategory.FAILED_PRECONDITION, "TENANT_HAS_CHILDREN", () -> resolver.purge(ROOT, made.id(), ANY, RESPECT));
        resolver.delete(ROOT, child.id(), ANY, RESPECT);
        resolver.purge(ROOT, child.id(), ANY, RESPECT);
        resolver.purge(ROOT, made.id(), ANY, RESPECT);
        assertThat(directory.tenants).doesNotContainKeys(made.id(), child.id());
        refused(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> resolver.resume(ROOT, made.id(), ANY, RESPECT));
    }

    @Test
    void stopsNeitherTheRootNorTheCallersOwn() {
        refused(ErrorCategory.FAILED_PRECONDITION, "ROOT_TENANT", () -> resolver.suspend(ROOT, TenantId.ROOT, ANY, RESPECT));
        refused(ErrorCategory.FAILED_PRECONDITION, "ROOT_TENANT", () -> resolver.delete(ROOT, TenantId.ROOT, ANY, RESPECT));
        refused(ErrorCategory.FAILED_PRECONDITION, "OWN_TENANT", () -> resolver.suspend(ctx(id(4)), id(4), ANY, RESPECT));
        refused(ErrorCategory.FAILED_PRECONDITION, "OWN_TENANT", () -> resolver.purge(ctx(id(4)), id(4), ANY, RESPECT));
    }

    @Test
    void keepsNamesOfSiblingsApartAndTellsOfNothingElse() {
        refused(ErrorCategory.ALREADY_EXISTS, "TENANT_NAME_TAKEN", () -> resolver.create(ROOT, new NewTenant(null, "TENANT 4", "", false)));
        resolver.create(ROOT, new NewTenant(null, "tenant 2", "", false));
        // it does not see its sibling, and learns nothing of it
        assertThat(resolver.rename(ctx(id(4)), id(4), "tenant 2", 1, RESPECT).name()).isEqualTo("tenant 2");
        refused(ErrorCategory.ABORTED, "TENANT_CHANGED", () -> resolver.rename(ROOT, id(4), "x", 1, RESPECT));
        refused(ErrorCategory.INVALID_ARGUMENT, "INVALID_TENANT_NAME", () -> resolver.rename(ROOT, id(4), "A\u0441me", 2, RESPECT));
        refused(ErrorCategory.INVALID_ARGUMENT, "INVALID_TENANT_TYPE", () -> resolver.create(ROOT, new NewTenant(null, "x", "A b", false)));
        // a name is free again when its tenant is deleted, and then the tenant cannot come back with it
        resolver.delete(ROOT, id(5), ANY, RESPECT);
        resolver.create(ROOT, new NewTenant(id(4), "tenant 5", "", false));
        refused(ErrorCategory.ALREADY_EXISTS, "TENANT_NAME_TAKEN", () -> resolver.resume(ROOT, id(5), ANY, RESPECT));
    }

    @Test
    void boundsHowManyAndHowDeep() {
        TenantId at = id(5);
        for (int i = 0; i < 15; i++) {
            at = resolver.create(ROOT, new NewTenant(at, "t", "", false)).id();
        }
        TenantId last = at;
        refused(ErrorCategory.RESOURCE_EXHAUSTED, "TOO_MANY_TENANTS", () -> resolver.create(ROOT, new NewTenant(last, "t", "", false)));
    }

    @Test
    void readsAgainWhenTheDirectoryTellsOrAnotherIsChosen() {
        directory.put(tenant(6, id(4), false));
        directory.tell();
        await().until(() -> below(ROOT, id(4), RESPECT).contains(id(6)));

        workers.offer(new MemoryDirectory("other", tenant(7, TenantId.ROOT, false)), directory);
        await().until(() -> below(ROOT, TenantId.ROOT, RESPECT).equals(List.of(id(7))));
        refused(ErrorCategory.UNIMPLEMENTED, "TENANTS_READ_ONLY", () -> resolver.create(ROOT, new NewTenant(null, "x", "", false)));
        assertThat(directory.follower).isNull();

        workers.offer();
        await().until(() -> resolver.health().state() == State.DEGRADED);
        assertThat(below(ROOT, TenantId.ROOT, RESPECT)).as("what is known stays").containsExactly(id(7));
        refused(ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", () -> resolver.create(ROOT, new NewTenant(null, "x", "", false)));
    }

    @Test
    void staysAsItWasWhenTheDirectoryFailsAndComesBack() {
        directory.broken = true;
        refused(ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", () -> resolver.suspend(ROOT, id(4), ANY, RESPECT));
        assertThat(Objects.requireNonNull(resolver.tree()).stoppedBy(id(4))).isNull();
        directory.tell();
        await().until(() -> resolver.health().state() == State.DEGRADED);
        assertThat(resolver.health().reason()).contains("the disk is gone");
        directory.broken = false;
        await().until(() -> resolver.health().state() == State.UP);
        assertThat(resolver.suspend(ROOT, id(4), ANY, RESPECT).status()).isEqualTo(Status.SUSPENDED);
    }

    @Test
    void readsAgainWhenAnotherServerWasFaster() {
        directory.put(Objects.requireNonNull(directory.tenants.get(id(4))).withName("by another server"));
        refused(ErrorCategory.ABORTED, "TENANT_CHANGED", () -> resolver.suspend(ROOT, id(4), ANY, RESPECT));
        await().until(() -> resolver.get(ROOT, id(4), RESPECT).name().equals("by another server"));
        assertThat(resolver.suspend(ROOT, id(4), ANY, RESPECT).version()).isEqualTo(3);
    }

    @Test
    void answersNobodyBeforeTheTenantsAreKnown() {
        FakeWorkers none = new FakeWorkers();
        TenantResolver early = new TenantResolver(none, "memory", 20, Clock.systemUTC());
        await().until(() -> early.health().reason().contains("'memory'"));
        assertThat(early.health().state()).isEqualTo(State.DOWN);
        assertThat(early.tree()).isNull();
        refused(ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", () -> early.root(ROOT));
        MemoryDirectory wrong = new MemoryDirectory("memory");
        wrong.tenants.clear();
        wrong.put(tenant(1, null, false));
        none.offer(wrong);
        await().until(() -> early.health().reason().contains("the root has the id"));
        none.offer(directory);
        await().until(() -> early.health().state() == State.UP);
        early.close();
    }
}
