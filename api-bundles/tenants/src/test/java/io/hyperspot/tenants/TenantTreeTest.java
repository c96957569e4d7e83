// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTreeTest {
    private static final Set<Status> ALL = EnumSet.allOf(Status.class);
    private static final TenantId T1 = id(1);
    private static final TenantId T2 = id(2);
    private static final TenantId T3 = id(3);
    private static final TenantId T4 = id(4);

    /** T1 the root; T2, which manages itself, below T1; T3 below T2; T4 below T1. */
    private static final TenantTree TABLE = TenantTree.of(List.of(
            tenant(T1, null, false), tenant(T2, T1, true), tenant(T3, T2, false), tenant(T4, T1, false)));

    private static TenantId id(long number) {
        return new TenantId(new UUID(0x7000, number));
    }

    private static Tenant tenant(TenantId id, @Nullable TenantId parent, boolean selfManaged) {
        return tenant(id, parent, selfManaged, Status.ACTIVE);
    }

    private static Tenant tenant(TenantId id, @Nullable TenantId parent, boolean selfManaged, Status status) {
        return new Tenant(id, parent, "t" + id, "", status, selfManaged, Instant.EPOCH, 1);
    }

    private static List<TenantId> descendants(TenantTree tree, TenantId id, BarrierMode mode) {
        return tree.descendants(id, TenantTree.MAX_DEPTH, ALL, mode).stream().map(Tenant::id).toList();
    }

    @Test
    void respectsBarriersByTheTable() {
        BarrierMode mode = BarrierMode.RESPECT;
        assertThat(TABLE.ancestors(T1, mode)).isEmpty();
        assertThat(TABLE.ancestors(T2, mode)).isEmpty();
        assertThat(TABLE.ancestors(T3, mode)).containsExactly(T2);
        assertThat(TABLE.ancestors(T4, mode)).containsExactly(T1);
        assertThat(descendants(TABLE, T1, mode)).containsExactly(T4);
        assertThat(descendants(TABLE, T2, mode)).containsExactly(T3);
        assertThat(descendants(TABLE, T3, mode)).isEmpty();
        assertThat(TABLE.children(T1, mode)).extracting(Tenant::id).containsExactly(T4);
        assertThat(TABLE.isAncestor(T1, T2, mode)).isFalse();
        assertThat(TABLE.isAncestor(T1, T3, mode)).isFalse();
        assertThat(TABLE.isAncestor(T2, T3, mode)).isTrue();
        assertThat(TABLE.isAncestor(T1, T4, mode)).isTrue();
        assertThat(TABLE.sees(T1, T2, mode)).isFalse();
        assertThat(TABLE.sees(T2, T2, mode)).isTrue();
        assertThat(TABLE.sees(T2, T1, mode)).isFalse();
        assertThat(TABLE.sees(T3, T2, mode)).isFalse();
    }

    @Test
    void ignoresBarriersByTheTable() {
        BarrierMode mode = BarrierMode.IGNORE;
        assertThat(TABLE.ancestors(T2, mode)).containsExactly(T1);
        assertThat(TABLE.ancestors(T3, mode)).containsExactly(T2, T1);
        assertThat(TABLE.ancestors(T4, mode)).containsExactly(T1);
        assertThat(descendants(TABLE, T1, mode)).containsExactly(T2, T3, T4);
        assertThat(descendants(TABLE, T2, mode)).containsExactly(T3);
        assertThat(TABLE.isAncestor(T1, T3, mode)).isTrue();
        assertThat(TABLE.isAncestor(T4, T3, mode)).isFalse();
        assertThat(TABLE.isAncestor(T1, T1, mode)).isFalse();
        assertThat(TABLE.sees(T1, T3, mode)).isTrue();
    }

    @Test
    void stopsEverythingBelowWhatIsNotActiveAcrossBarriersToo() {
        TenantTree tree = TABLE.with(tenant(T2, T1, true, Status.SUSPENDED));
        assertThat(tree.stoppedBy(T1)).isNull();
        assertThat(tree.stoppedBy(T4)).isNull();
        assertThat(Objects.requireNonNull(tree.stoppedBy(T2)).id()).isEqualTo(T2);
        assertThat(Objects.requireNonNull(tree.stoppedBy(T3)).id()).isEqualTo(T2);
        TenantTree nearer = tree.with(tenant(T3, T2, false, Status.DELETED));
        assertThat(Objects.requireNonNull(nearer.stoppedBy(T3)).status()).isEqualTo(Status.DELETED);
        assertThat(TABLE.stoppedBy(T3)).as("the tree before is as it was").isNull();
    }

    @Test
    void boundsDepthAndFiltersByStatus() {
        TenantTree tree = TABLE.with(tenant(T3, T2, false, Status.DELETED)).with(tenant(id(5), T4, false, Status.SUSPENDED));
        assertThat(tree.descendants(T1, 0, ALL, BarrierMode.IGNORE)).isEmpty();
        assertThat(tree.descendants(T1, 1, ALL, BarrierMode.IGNORE)).extracting(Tenant::id).containsExactly(T2, T4);
        assertThat(tree.descendants(T1, 2, EnumSet.of(Status.DELETED, Status.SUSPENDED), BarrierMode.IGNORE))
                .extracting(Tenant::id)
                .containsExactly(T3, id(5));
        assertThat(tree.without(T3).find(T3)).isNull();
    }

    @Test
    void knowsNothingOfUnknownTenants() {
        TenantId nobody = id(99);
        assertThat(TABLE.find(nobody)).isNull();
        assertThat(TABLE.ancestors(nobody, BarrierMode.IGNORE)).isEmpty();
        assertThat(descendants(TABLE, nobody, BarrierMode.IGNORE)).isEmpty();
        assertThat(TABLE.sees(nobody, nobody, BarrierMode.IGNORE)).isFalse();
        assertThat(TABLE.sees(T1, nobody, BarrierMode.IGNORE)).isFalse();
    }

    @Test
    void refusesWhatIsNoTree() {
        refused("there is no root");
        refused("two tenants have no parent", tenant(T1, null, false), tenant(T2, null, false));
        refused("two tenants have the id", tenant(T1, null, false), tenant(T1, null, false));
        refused("does not exist", tenant(T1, null, false), tenant(T2, T3, false));
        refused("in a circle", tenant(T1, null, false), tenant(T2, T3, false), tenant(T3, T2, false));
        refused("in a circle", tenant(T1, null, false), tenant(T2, T2, false));
        refused("always active", tenant(T1, null, false, Status.SUSPENDED));
        List<Tenant> deep = new ArrayList<>(List.of(tenant(T1, null, false)));
        for (int i = 2; i <= TenantTree.MAX_DEPTH + 2; i++) {
            deep.add(tenant(id(i), id(i - 1), false));
        }
        refused("levels below the root", deep.toArray(Tenant[]::new));
    }

    private static void refused(String why, Tenant... tenants) {
        assertThatIllegalArgumentException().isThrownBy(() -> TenantTree.of(Arrays.asList(tenants))).withMessageContaining(why);
    }

    /** Random trees against the definition, written down without any thought of speed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheDefinition(long seed) {
        Random random = new Random(seed);
        List<Status> statuses = List.of(Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, Status.SUSPENDED, Status.DELETED);
        List<Tenant> tenants = new ArrayList<>(List.of(tenant(T1, null, false)));
        for (int i = 2; i <= 40; i++) {
            Tenant parent = tenants.get(Math.max(0, tenants.size() - 1 - random.nextInt(8)));
            Status status = statuses.get(random.nextInt(statuses.size()));
            tenants.add(tenant(id(i), parent.id(), random.nextInt(4) == 0, status));
        }
        TenantTree tree = TenantTree.of(tenants);
        for (BarrierMode mode : BarrierMode.values()) {
            for (Tenant one : tenants) {
                List<TenantId> above = above(tenants, one, mode);
                assertThat(tree.ancestors(one.id(), mode)).isEqualTo(above);
                Set<TenantId> below = new HashSet<>();
                for (Tenant other : tenants) {
                    boolean isAbove = above(tenants, other, mode).contains(one.id());
                    assertThat(tree.isAncestor(one.id(), other.id(), mode)).isEqualTo(isAbove);
                    assertThat(tree.sees(one.id(), other.id(), mode)).isEqualTo(isAbove || one.equals(other));
                    if (isAbove) {
                        below.add(other.id());
                    }
                }
                assertThat(descendants(tree, one.id(), mode)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(below);
                assertThat(tree.stoppedBy(one.id())).isEqualTo(stopped(tenants, one));
            }
        }
    }

    private static List<TenantId> above(List<Tenant> tenants, Tenant one, BarrierMode mode) {
        List<TenantId> above = new ArrayList<>();
        Tenant at = one;
        while (at.parent() != null && (mode == BarrierMode.IGNORE || !at.selfManaged())) {
            at = find(tenants, at.parent());
            above.add(at.id());
        }
        return above;
    }

    private static @Nullable Tenant stopped(List<Tenant> tenants, Tenant one) {
        for (Tenant at = one; ; at = find(tenants, at.parent())) {
            if (!at.isActive()) {
                return at;
            }
            if (at.parent() == null) {
                return null;
            }
        }
    }

    private static Tenant find(List<Tenant> tenants, @Nullable TenantId id) {
        return tenants.stream().filter(tenant -> tenant.id().equals(id)).findFirst().orElseThrow();
    }
}
