// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants;

import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All tenants at one moment: one root, and every other below it. Immutable; every answer is computed from
 * memory. A self-managed tenant is a barrier between what is above it and what is not: in {@link
 * BarrierMode#RESPECT} walks end there silently.
 */
public final class TenantTree {
    /** The deepest tree; the root's depth is 0. */
    public static final int MAX_DEPTH = 32;

    /** A tenant with what is known of its place. */
    private record Node(Tenant tenant, List<TenantId> above, List<TenantId> seenAbove, @Nullable Tenant stoppedBy) {}

    private final Tenant root;
    private final Map<TenantId, Node> nodes;
    private final Map<TenantId, List<Tenant>> children;

    private TenantTree(Tenant root, Map<TenantId, Node> nodes, Map<TenantId, List<Tenant>> children) {
        this.root = root;
        this.nodes = nodes;
        this.children = children;
    }

    /**
     * @throws IllegalArgumentException when the tenants are no tree; the message says what is wrong, and
     *     with which of them
     */
    public static TenantTree of(Collection<Tenant> tenants) {
        Map<TenantId, Tenant> byId = new HashMap<>();
        Map<TenantId, List<Tenant>> children = new HashMap<>();
        Tenant root = null;
        for (Tenant tenant : tenants) {
            if (byId.put(tenant.id(), tenant) != null) {
                throw new IllegalArgumentException("two tenants have the id " + tenant.id());
            }
            if (tenant.parent() != null) {
                children.computeIfAbsent(tenant.parent(), id -> new ArrayList<>()).add(tenant);
            } else if (root == null) {
                root = tenant;
            } else {
                throw new IllegalArgumentException(
                        "two tenants have no parent, " + root.id() + " and " + tenant.id() + "; only the root has none");
            }
        }
        if (root == null) {
            throw new IllegalArgumentException("there is no root: one tenant must have no parent");
        }
        if (!root.isActive()) {
            throw new IllegalArgumentException("the root " + root.id() + " is " + root.status().text() + "; it is always active");
        }
        for (TenantId parent : children.keySet()) {
            if (!byId.containsKey(parent)) {
                throw new IllegalArgumentException(
                        "the parent " + parent + " of " + children.get(parent).getFirst().id() + " does not exist");
            }
        }
        children.replaceAll((parent, below) -> below.stream()
                .sorted(Comparator.comparing(Tenant::createdAt).thenComparing(tenant -> tenant.id().toString()))
                .toList());
        Map<TenantId, Node> nodes = place(root, children);
        if (nodes.size() < byId.size()) {
            byId.keySet().removeAll(nodes.keySet());
            throw new IllegalArgumentException("these tenants are below each other in a circle: "
                    + byId.keySet().stream().map(TenantId::toString).sorted().toList());
        }
        return new TenantTree(root, nodes, children);
    }

    private static Map<TenantId, Node> place(Tenant root, Map<TenantId, List<Tenant>> children) {
        Map<TenantId, Node> nodes = new HashMap<>();
        Deque<Tenant> next = new ArrayDeque<>(List.of(root));
        for (Tenant tenant = next.poll(); tenant != null; tenant = next.poll()) {
            Node parent = tenant.parent() == null ? null : nodes.get(tenant.parent());
            Node node = parent == null
                    ? new Node(tenant, List.of(), List.of(), null)
                    : new Node(
                            tenant,
                            and(parent.tenant().id(), parent.above()),
                            tenant.selfManaged() ? List.of() : and(parent.tenant().id(), parent.seenAbove()),
                            tenant.isActive() ? parent.stoppedBy() : tenant);
            if (node.above().size() > MAX_DEPTH) {
                throw new IllegalArgumentException("the tenant " + tenant.id() + " is more than " + MAX_DEPTH + " levels below the root");
            }
            nodes.put(tenant.id(), node);
            next.addAll(children.getOrDefault(tenant.id(), List.of()));
        }
        return nodes;
    }

    private static List<TenantId> and(TenantId first, List<TenantId> others) {
        List<TenantId> all = new ArrayList<>(others.size() + 1);
        all.add(first);
        all.addAll(others);
        return List.copyOf(all);
    }

    /** The tree with this tenant as it is now, new or changed. */
    public TenantTree with(Tenant tenant) {
        List<Tenant> next = new ArrayList<>(nodes.size() + 1);
        nodes.values().stream()
                .map(Node::tenant)
                .filter(other -> !other.id().equals(tenant.id()))
                .forEach(next::add);
        next.add(tenant);
        return of(next);
    }

    /** The tree without a tenant that has none below it. */
    public TenantTree without(TenantId id) {
        return of(nodes.values().stream()
                .map(Node::tenant)
                .filter(other -> !other.id().equals(id))
                .toList());
    }

    public Tenant root() {
        return root;
    }

    public int size() {
        return nodes.size();
    }

    public @Nullable Tenant find(TenantId id) {
        Node node = nodes.get(id);
        return node == null ? null : node.tenant();
    }

    /** How far below the root a tenant is; of an unknown one 0. */
    public int depth(TenantId id) {
        Node node = nodes.get(id);
        return node == null ? 0 : node.above().size();
    }

    /**
     * Why nobody of a tenant is let in: itself, or the nearest above it, that is suspended or deleted.
     * Null when the tenant works, or does not exist. Barriers do not matter: who does not pay does not
     * work, however much it manages itself.
     */
    public @Nullable Tenant stoppedBy(TenantId id) {
        Node node = nodes.get(id);
        return node == null ? null : node.stoppedBy();
    }

    /** Those above a tenant, the nearest first; of an unknown one none. Always the same list object. */
    public List<TenantId> ancestors(TenantId id, BarrierMode mode) {
        Node node = nodes.get(id);
        if (node == null) {
            return List.of();
        }
        return mode == BarrierMode.IGNORE ? node.above() : node.seenAbove();
    }

    /** Whether one tenant is above another. None is above itself. */
    public boolean isAncestor(TenantId ancestor, TenantId descendant, BarrierMode mode) {
        return ancestors(descendant, mode).contains(ancestor);
    }

    /** Whether somebody of one tenant may see another: it is the same, or below with no barrier between. */
    public boolean sees(TenantId viewer, TenantId other, BarrierMode mode) {
        return nodes.containsKey(other) && (viewer.equals(other) || isAncestor(viewer, other, mode));
    }

    /** Those directly below a tenant, the oldest first; of an unknown one none. */
    public List<Tenant> children(TenantId id, BarrierMode mode) {
        return children.getOrDefault(id, List.of()).stream()
                .filter(child -> mode == BarrierMode.IGNORE || !child.selfManaged())
                .toList();
    }

    /**
     * Those below a tenant, each before those below it; of an unknown one none.
     *
     * @param levels at most so many levels below; 1: the children
     * @param statuses only those with one of these; one that is left out does not hide those below it
     */
    public List<Tenant> descendants(TenantId id, int levels, Set<Status> statuses, BarrierMode mode) {
        return descendants(id, levels, tenant -> statuses.contains(tenant.status()), mode);
    }

    private List<Tenant> descendants(TenantId id, int levels, Predicate<Tenant> wanted, BarrierMode mode) {
        List<Tenant> found = new ArrayList<>();
        int deepest = depth(id) + Math.min(levels, MAX_DEPTH);
        Deque<Tenant> next = new ArrayDeque<>(levels > 0 ? children(id, mode) : List.of());
        for (Tenant tenant = next.poll(); tenant != null; tenant = next.poll()) {
            if (wanted.test(tenant)) {
                found.add(tenant);
            }
            if (depth(tenant.id()) < deepest) {
                children(tenant.id(), mode).reversed().forEach(next::addFirst);
            }
        }
        return found;
    }
}
