// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.keys.KeyHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that workers have verified, by their SHA-256. Two halves: when the young one is full the old one is
 * thrown away, and what was used meanwhile has moved to the young one. No lock is taken to read.
 */
final class VerifiedTokens {
    private static final long LONGEST_MILLIS = 600_000;

    private record Verified(SecurityContext context, long generation, long since, long until) {
        boolean isGood(long nowGeneration, long now) {
            // one from the future belongs to a clock that was set back
            return generation == nowGeneration && now < until && now >= since;
        }
    }

    private final MessageDigest prototype;
    private final int half;
    private volatile ConcurrentMap<KeyHash, Verified> young = new ConcurrentHashMap<>();
    private volatile ConcurrentMap<KeyHash, Verified> old = new ConcurrentHashMap<>();

    /** @param bound at most so many */
    VerifiedTokens(int bound) {
        half = Math.max(1, bound / 2);
        try {
            prototype = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    KeyHash hash(String token) {
        try {
            return KeyHash.of(((MessageDigest) prototype.clone()).digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
        }
    }

    /** @param generation of the workers */
    @Nullable SecurityContext find(KeyHash token, long generation, long now) {
        Verified found = young.get(token);
        if (found == null) {
            found = old.get(token);
            if (found != null) {
                put(token, found);
            }
        }
        return found != null && found.isGood(generation, now) ? found.context() : null;
    }

    void add(KeyHash token, SecurityContext context, long generation, long now, Instant until) {
        long latest = now + LONGEST_MILLIS;
        long end = until.isBefore(Instant.ofEpochMilli(latest)) ? until.toEpochMilli() : latest;
        if (end > now) {
            put(token, new Verified(context, generation, now, end));
        }
    }

    private void put(KeyHash token, Verified verified) {
        if (young.size() >= half) {
            turn();
        }
        young.put(token, verified);
    }

    private synchronized void turn() {
        if (young.size() >= half) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }

    int size() {
        return young.size() + old.size();
    }
}
