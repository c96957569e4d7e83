// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Allowances by key, so many and no more. Whoever makes up keys drives out those that nobody has used
 * for as long as it takes to make up {@code bound} of them, never those in use. A look takes no lock.
 */
final class Buckets {
    private record Generations(ConcurrentHashMap<RateKey, Allowance> young, ConcurrentHashMap<RateKey, Allowance> old) {}

    private final int bound;
    private final AtomicReference<Generations> generations =
            new AtomicReference<>(new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));

    /** Keeps up to twice as many as the bound. */
    Buckets(int bound) {
        this.bound = bound;
    }

    /** What the key has left, or null while nobody asked for it: everything. */
    @Nullable Allowance find(RateKey key) {
        Generations now = now();
        Allowance young = now.young.get(key);
        if (young != null) {
            return young;
        }
        Allowance old = now.old.get(key);
        return old == null ? null : keep(now, old);
    }

    /** What the key has left; everything when it is new. */
    Allowance of(RateKey key, int perMinute) {
        Allowance known = find(key);
        return known == null ? keep(now(), new Allowance(key, perMinute)) : known;
    }

    int size() {
        Generations now = now();
        return now.young.size() + now.old.size();
    }

    private Generations now() {
        return Objects.requireNonNull(generations.get());
    }

    private Allowance keep(Generations now, Allowance allowance) {
        Allowance before = now.young.putIfAbsent(allowance.key, allowance);
        if (before == null && now.young.mappingCount() >= bound) {
            generations.compareAndSet(now, new Generations(new ConcurrentHashMap<>(), now.young));
        }
        return before == null ? allowance : before;
    }
}
