// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets by key, so many and no more. Whoever makes up keys drives out those that nobody has used
 * for as long as it takes to make up {@code bound} of them, never those in use. A look takes no lock.
 */
final class Buckets<K> {
    private record Generations<K>(ConcurrentHashMap<K, Bucket> young, ConcurrentHashMap<K, Bucket> old) {}

    private final int bound;
    private final AtomicReference<Generations<K>> generations =
            new AtomicReference<>(new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));

    /** Keeps up to twice as many as the bound. */
    Buckets(int bound) {
        this.bound = bound;
    }

    /** The key's bucket, or null while it has none: as good as a full one. */
    @Nullable Bucket find(K key) {
        Generations<K> now = now();
        Bucket young = now.young.get(key);
        if (young != null) {
            return young;
        }
        Bucket old = now.old.get(key);
        return old == null ? null : keep(now, key, old);
    }

    /** The key's bucket; a new one is full. */
    Bucket of(K key, int perMinute) {
        Bucket known = find(key);
        return known == null ? keep(now(), key, bucket(perMinute)) : known;
    }

    int size() {
        Generations<K> now = now();
        return now.young.size() + now.old.size();
    }

    private Generations<K> now() {
        return Objects.requireNonNull(generations.get());
    }

    private Bucket keep(Generations<K> now, K key, Bucket bucket) {
        Bucket before = now.young.putIfAbsent(key, bucket);
        if (before == null && now.young.mappingCount() >= bound) {
            generations.compareAndSet(now, new Generations<>(new ConcurrentHashMap<>(), now.young));
        }
        return before == null ? bucket : before;
    }

    private static Bucket bucket(int perMinute) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                // the clock that nobody sets
                .withNanosecondPrecision()
                .build();
    }
}
