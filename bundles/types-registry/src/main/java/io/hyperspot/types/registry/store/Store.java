// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.GtsEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The registry's state. Reads take the current generation, one volatile read; changes are made one after the
 * other, are durable before anybody sees them, and appear at once as a whole. Thread-safe.
 */
public final class Store {
    private final GtsEngine engine;
    private final Storage storage;
    private final Clock clock;
    private final int mostOfATenant;
    private final ReentrantLock change = new ReentrantLock();
    private final Condition advanced = change.newCondition();
    private final Map<Long, Contribution> contributions = new LinkedHashMap<>();
    private volatile Generation current;
    private volatile Consumer<Generation> changed = generation -> {};

    /** Where every tenant is directly below the root. */
    Store(GtsEngine engine, Storage storage, Clock clock, int mostOfATenant) {
        this(engine, storage, Lineage.of(() -> null), clock, mostOfATenant);
    }

    /** @param mostOfATenant entities that a tenant may have */
    Store(GtsEngine engine, Storage storage, Lineage lineage, Clock clock, int mostOfATenant) {
        this.current = Generation.first(lineage);
        this.engine = engine;
        this.storage = storage;
        this.clock = clock;
        this.mostOfATenant = mostOfATenant;
    }

    /** @param listener told of every generation from now on, on the thread that made it, outside the lock */
    void onChange(Consumer<Generation> listener) {
        changed = listener;
    }

    public GtsEngine engine() {
        return engine;
    }

    public Generation current() {
        return current;
    }

    /**
     * Waits for a generation.
     *
     * @return the current one, which is older when the time has passed
     */
    public Generation await(long number, Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        change.lockInterruptibly();
        try {
            while (current.number() < number && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return current;
        } finally {
            change.unlock();
        }
    }

    /** Bundles came or went, several at once for one generation. */
    void contribute(Collection<Contribution> come, Collection<Long> gone) {
        apply(generation -> {
            gone.forEach(contributions::remove);
            come.forEach(contribution -> contributions.put(contribution.owner().id(), contribution));
            return generation.with(generation.platform().next(contributions.values(), engine, generation.usedByTenants(), now()));
        });
    }

    /** Reads what is stored. */
    void load() {
        List<Storage.Row> rows = storage.load();
        Map<TenantId, Map<String, Registered>> all = new HashMap<>();
        for (Storage.Row row : rows) {
            Registered entity = StoredDocuments.entity(row, engine);
            all.computeIfAbsent(row.tenant(), tenant -> new HashMap<>()).put(entity.document().key(), entity);
        }
        if (all.isEmpty()) {
            return;
        }
        all.replaceAll((tenant, entities) -> Map.copyOf(entities));
        apply(generation -> generation.with(all));
    }

    /**
     * Registers documents of a tenant. They may come in any order. What is there already with the same
     * content is done without a change.
     *
     * @return what came of each, in their order
     */
    public List<Registration> register(TenantId tenant, List<JsonNode> documents, Registration.Mode mode, String actor) {
        List<Registration> results = new ArrayList<>();
        apply(generation -> {
            Batch batch = new Batch(generation, tenant, engine, mode, mostOfATenant, now());
            results.addAll(batch.register(documents));
            Map<String, Registered> accepted = batch.accepted();
            if (mode.dryRun() || accepted.isEmpty()) {
                return generation;
            }
            Map<String, Registered> own = new HashMap<>(generation.own(tenant));
            List<String> isNew = accepted.keySet().stream().filter(key -> !own.containsKey(key)).toList();
            storage.save(tenant, accepted, isNew, actor);
            own.putAll(accepted);
            return generation.with(tenant, Map.copyOf(own));
        });
        return results;
    }

    /**
     * Gives an entity of the tenant another status.
     *
     * @param check called with the entity as it is now; refuses by an exception
     * @return the entity then
     * @throws ProblemException PERMISSION_DENIED when the entity is not the tenant's own,
     *     FAILED_PRECONDITION when it shall be deleted and others build on it
     */
    public Registered change(TenantId tenant, String key, String actor, Status next, Consumer<Registered> check) {
        List<Registered> result = new ArrayList<>(1);
        apply(generation -> {
            Registered entity = generation.own(tenant).get(key);
            if (entity == null) {
                throw new ProblemException(
                        ErrorCategory.PERMISSION_DENIED,
                        "TYPES_REGISTRY_FOREIGN_NAMESPACE",
                        key + " is not yours: only who registered an entity changes its status.");
            }
            check.accept(entity);
            if (next == Status.DELETED && generation.isBuiltUpon(key)) {
                throw new ProblemException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "TYPES_REGISTRY_IN_USE",
                        "Others build on " + key + "; delete those first, or deprecate it.");
            }
            if (entity.status() == next) {
                result.add(entity);
                return generation;
            }
            Registered changed = entity.with(next, now());
            result.add(changed);
            storage.save(tenant, Map.of(key, changed), List.of(), actor);
            Map<String, Registered> own = new HashMap<>(generation.own(tenant));
            own.put(key, changed);
            return generation.with(tenant, Map.copyOf(own));
        });
        return result.getFirst();
    }

    private Instant now() {
        return clock.instant();
    }

    private void apply(UnaryOperator<Generation> edit) {
        Generation next;
        change.lock();
        try {
            Generation before = current;
            next = edit.apply(before);
            if (next == before) {
                return;
            }
            current = next;
            advanced.signalAll();
        } finally {
            change.unlock();
        }
        engine.retain(next::holds);
        changed.accept(next);
    }
}
