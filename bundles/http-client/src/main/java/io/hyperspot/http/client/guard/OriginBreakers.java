// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import io.hyperspot.http.client.GuardedHttp.Response;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.http.client.resilience.Breaker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A breaker for each origin that cannot be connected to at present; the longest unused ones are
 * forgotten. Only that counts as failure: everything else depends on what a user asks for, and could
 * close an origin to the others.
 */
final class OriginBreakers {
    private static final int MOST = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Breaker> failing = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Sends unless the origin's breaker is open.
     *
     * @throws UpstreamException OVERLOADED when it is
     */
    Response send(PinnedClient client, Hop hop, Duration timeout, int maxBytes) throws UpstreamException {
        Target target = hop.target();
        String origin = target.host() + ":" + target.port();
        Breaker breaker = find(origin);
        long start = System.nanoTime();
        Breaker.Pass pass = breaker == null ? null : breaker.admit(start);
        if (breaker != null && pass == null) {
            throw new UpstreamException(
                    Kind.OVERLOADED, origin + " " + breaker.refusal(start), null, breaker.remaining(start));
        }
        @Nullable Kind failure = Kind.CANCELLED;
        try {
            Response response = client.send(hop, timeout, maxBytes);
            failure = null;
            return response;
        } catch (UpstreamException e) {
            failure = Thread.currentThread().isInterrupted() ? Kind.CANCELLED : e.kind();
            throw e;
        } finally {
            conclude(origin, breaker, pass, failure);
        }
    }

    private void conclude(
            String origin, @Nullable Breaker breaker, Breaker.@Nullable Pass pass, @Nullable Kind failure) {
        switch (failure) {
            case CONNECT -> failed(origin, pass);
            case CANCELLED, TIMEOUT, OVERLOADED, FORBIDDEN -> {
                if (breaker != null && pass != null) {
                    breaker.abandoned(pass, System.nanoTime());
                }
            }
            case CLOSED, PROTOCOL, TOO_LARGE -> recovered(origin);
            case null -> recovered(origin);
        }
    }

    private @Nullable Breaker find(String origin) {
        lock.lock();
        try {
            return failing.get(origin);
        } finally {
            lock.unlock();
        }
    }

    private void failed(String origin, Breaker.@Nullable Pass pass) {
        lock.lock();
        try {
            Breaker breaker = failing.computeIfAbsent(origin, name -> new Breaker(Breaking.DEFAULT));
            long now = System.nanoTime();
            Breaker.Pass used = pass == null ? breaker.admit(now) : pass;
            if (used != null) {
                breaker.failed(used, now, "it could not be connected to");
            }
            if (failing.size() > MOST) {
                failing.remove(failing.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    private void recovered(String origin) {
        lock.lock();
        try {
            failing.remove(origin);
        } finally {
            lock.unlock();
        }
    }
}
