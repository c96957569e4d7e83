// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long somebody must wait after wrong attempts: longer with every one, never long. Counted by name and
 * address, so that whoever guesses elsewhere does not shut out the person; and by name alone, later and for
 * a minute at most, so that many addresses do not get many guesses. Names that nobody has are counted alike.
 */
final class Lockouts {
    private static final int MOST = 20_000;
    private static final long FORGOTTEN_MILLIS = 900_000;
    private static final int FREE_HERE = 5;
    private static final long LONGEST_HERE_MILLIS = 300_000;
    private static final int FREE_ANYWHERE = 50;
    private static final long LONGEST_ANYWHERE_MILLIS = 60_000;

    private record Key(String name, String address) {}

    private record Count(int failures, long last, long until) {}

    private final Map<Key, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Count> eldest) {
            return size() > MOST;
        }
    };

    /** Milliseconds until the next attempt; 0: now. */
    synchronized long wait(String name, String address, long now) {
        return Math.max(left(counts.get(new Key(name, address)), now), left(counts.get(new Key(name, "")), now));
    }

    /** A clock that was set back opens. */
    private static long left(@Nullable Count count, long now) {
        return count == null || now < count.last ? 0 : Math.max(0, count.until - now);
    }

    synchronized void failed(String name, String address, long now) {
        count(new Key(name, address), now, FREE_HERE, LONGEST_HERE_MILLIS);
        if (!address.isEmpty()) {
            count(new Key(name, ""), now, FREE_ANYWHERE, LONGEST_ANYWHERE_MILLIS);
        }
    }

    private void count(Key key, long now, int free, long longest) {
        Count before = counts.get(key);
        int failures = before == null || now - before.last > FORGOTTEN_MILLIS ? 1 : before.failures + 1;
        int doublings = Math.min(20, Math.max(0, failures - free));
        long wait = failures < free ? 0 : Math.min(longest, 1000L << doublings);
        counts.put(key, new Count(failures, now, now + wait));
    }

    /** What others do elsewhere goes on to count. */
    synchronized void succeeded(String name, String address) {
        counts.remove(new Key(name, address));
    }

    synchronized int size() {
        return counts.size();
    }
}
