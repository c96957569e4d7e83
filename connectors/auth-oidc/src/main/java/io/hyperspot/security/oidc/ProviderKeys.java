// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one provider, kept. Known keys are found without waiting, also while new ones are fetched;
 * a key that is not known is asked for, but however many ask: once at a time, and once a pause. Thread-safe.
 */
final class ProviderKeys implements AutoCloseable {
    /** Asks the provider. */
    @FunctionalInterface
    interface Source {
        KeySet fetch() throws ProviderException;
    }

    /** What was fetched last. */
    private record Kept(KeySet keys, long atNanos) {}

    private static final int MAX_WAITING = 200;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final Source source;
    private final OidcSettings settings;
    private final ProviderHealth health;
    private final LongSupplier nanos;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private volatile @Nullable Kept kept;
    private @Nullable CompletableFuture<Kept> fetching;
    private @Nullable Thread fetcher;
    private @Nullable ProviderException trouble;
    private long nextNanos;
    private boolean closed;

    ProviderKeys(Source source, OidcSettings settings, ProviderHealth health, LongSupplier nanos) {
        this.source = source;
        this.settings = settings;
        this.health = health;
        this.nanos = nanos;
        this.nextNanos = nanos.getAsLong();
    }

    /**
     * The keys that may have signed such a token; empty when the provider has none.
     *
     * @throws ProviderException when it cannot be told, because the provider cannot be asked
     */
    List<VerificationKey> find(@Nullable String kid, Algorithm algorithm) throws ProviderException {
        Kept now = kept;
        if (now != null) {
            long age = nanos.getAsLong() - now.atNanos();
            if (age < settings.keysRefresh().plus(settings.keysOutage()).toNanos()) {
                List<VerificationKey> known = now.keys().candidates(kid, algorithm);
                if (!known.isEmpty()) {
                    if (age >= settings.keysRefresh().toNanos()) {
                        warm();
                    }
                    return known;
                }
            }
        }
        return await().keys().candidates(kid, algorithm);
    }

    /** Waits for the fetch that is going on or begins now; without one for what the last one brought. */
    private Kept await() throws ProviderException {
        if (!waiting.tryAcquire()) {
            throw new ProviderException(false, "too many tokens wait for the provider's keys", null);
        }
        try {
            CompletableFuture<Kept> fetch = begin();
            if (fetch == null) {
                return last();
            }
            // discovery and keys, each with its own deadline
            return fetch.get(settings.timeout().multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ProviderException known
                    ? new ProviderException(known.wasReached(), String.valueOf(known.getMessage()), known)
                    : new ProviderException(false, "the provider's keys cannot be read", e);
        } catch (TimeoutException e) {
            throw new ProviderException(false, "the provider's keys did not come in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException(false, "the wait for the provider's keys was interrupted", e);
        } finally {
            waiting.release();
        }
    }

    private synchronized Kept last() throws ProviderException {
        ProviderException last = trouble;
        Kept now = kept;
        if (last != null || now == null) {
            throw last == null ? new ProviderException(false, "the provider is not asked any more", null) : last;
        }
        return now;
    }

    /** The running fetch, a new one, or null when it is too early for another. */
    private synchronized @Nullable CompletableFuture<Kept> begin() {
        if (fetching != null) {
            return fetching;
        }
        if (closed || nanos.getAsLong() - nextNanos < 0) {
            return null;
        }
        CompletableFuture<Kept> fetch = new CompletableFuture<>();
        fetching = fetch;
        fetcher = Thread.ofVirtual().name("auth-oidc-keys-" + settings.name()).start(() -> fetch(fetch));
        return fetch;
    }

    private void fetch(CompletableFuture<Kept> fetch) {
        Kept fresh = null;
        ProviderException failure = null;
        try {
            fresh = new Kept(source.fetch(), nanos.getAsLong());
        } catch (ProviderException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new ProviderException(false, "the provider's keys cannot be read: " + e.getMessage(), e);
        }
        synchronized (this) {
            Duration pause = settings.keysPause();
            if (fresh != null) {
                kept = fresh;
            } else if (pause.compareTo(AFTER_FAILURE) > 0) {
                pause = AFTER_FAILURE;
            }
            trouble = failure;
            nextNanos = nanos.getAsLong() + pause.toNanos();
            fetching = null;
            fetcher = null;
        }
        health.asked(failure);
        if (fresh != null) {
            fetch.complete(fresh);
        } else {
            fetch.completeExceptionally(failure);
        }
    }

    /** Asks in the background, so that the first token need not wait. */
    void warm() {
        // its outcome goes to the health
        CompletableFuture<Kept> _ = begin();
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = fetcher;
        }
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
