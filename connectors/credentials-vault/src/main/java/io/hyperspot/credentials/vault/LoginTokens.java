// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.credentials.vault.VaultHttp.Answer;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by a login, renewed after two thirds of their time by whoever uses them then. One thread logs in or
 * renews at a time; who needs the outcome of a login waits for it, and who has a valid token goes on with that.
 */
final class LoginTokens implements Tokens {
    /** A token that is refused so soon after its login is valid: the policy does not allow the request. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** Between a login that was refused and the next: Vault locks out who fails too often. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final long MAX_SECONDS = Duration.ofDays(3650).toSeconds();

    /**
     * A token and its time.
     *
     * @param ttl nanoseconds; 0: for ever
     * @param first the time that the login gave it
     */
    private record Lease(String token, long since, long ttl, boolean renewable, long first) {
        boolean isOver(long now) {
            return ttl > 0 && now - since >= ttl;
        }

        boolean isOld(long now) {
            return ttl > 0 && now - since >= ttl / 3 * 2;
        }

        @Override
        public String toString() {
            return "lease";
        }
    }

    /** A login that failed, until it is tried again. */
    private record Refusal(long since, ProblemException problem) {}

    private final VaultHttp http;
    private final Login login;
    private final Problems problems;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Lease> lease = new AtomicReference<>();
    private final AtomicReference<@Nullable CompletableFuture<Lease>> running = new AtomicReference<>();
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile @Nullable Refusal refusal;
    private volatile long renewalFailed;
    private volatile boolean renewalPaused;

    LoginTokens(VaultHttp http, Login login, Problems problems, LongSupplier nanos) {
        this.http = http;
        this.login = login;
        this.problems = problems;
        this.nanos = nanos;
    }

    @Override
    public String current(Deadline deadline) {
        Lease now = lease.get();
        long time = nanos.getAsLong();
        if (now == null || now.isOver(time)) {
            return loggedIn(now, deadline).token();
        }
        if (now.isOld(time) && !isPaused(time) && renewing.compareAndSet(false, true)) {
            try {
                return renewed(now, deadline).token();
            } finally {
                renewing.set(false);
            }
        }
        return now.token();
    }

    private boolean isPaused(long time) {
        return renewalPaused && time - renewalFailed < PAUSE.toNanos();
    }

    @Override
    public Optional<String> instead(String refused, Deadline deadline) {
        Lease now = lease.get();
        if (now != null && !now.token().equals(refused)) {
            return Optional.of(now.token());
        }
        if (now != null && nanos.getAsLong() - now.since() < FRESH.toNanos()) {
            return Optional.empty();
        }
        return Optional.of(loggedIn(now, deadline).token());
    }

    /** The lease after the one that is not good any more. */
    private Lease loggedIn(@Nullable Lease stale, Deadline deadline) {
        CompletableFuture<Lease> mine = new CompletableFuture<>();
        CompletableFuture<Lease> other = running.compareAndExchange(null, mine);
        if (other != null) {
            return await(other, deadline);
        }
        try {
            Lease now = lease.get();
            if (now == null || now.equals(stale)) {
                now = login(deadline);
                lease.set(now);
            }
            mine.complete(now);
            return now;
        } catch (ProblemException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            running.set(null);
            // who waits must not wait longer, whatever was thrown
            mine.cancel(false);
        }
    }

    private Lease await(CompletableFuture<Lease> other, Deadline deadline) {
        try {
            return other.get(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw problems.late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.unavailable("the call was interrupted", null);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ProblemException problem
                    ? again(problem)
                    : problems.unavailable("the login at Vault failed", null);
        } catch (java.util.concurrent.CancellationException e) {
            throw problems.unavailable("the login at Vault failed", null);
        }
    }

    /** Its own exception for each caller. */
    private static ProblemException again(ProblemException e) {
        return new ProblemException(e.category(), e.code(), e.detail(), Map.of(), e.getCause());
    }

    private Lease login(Deadline deadline) {
        Refusal last = refusal;
        if (last != null && nanos.getAsLong() - last.since() < PAUSE.toNanos()) {
            throw again(last.problem());
        }
        if (deadline.left() <= 0) {
            // the caller's own lateness, which must not keep others from a login
            throw problems.late();
        }
        long before = nanos.getAsLong();
        try {
            Answer answer = http.send("POST", login.path(), null, login.body().get(), false, deadline);
            Lease fresh = lease(answer, before);
            refusal = null;
            renewalPaused = false;
            return fresh;
        } catch (ProblemException e) {
            refusal = new Refusal(nanos.getAsLong(), e);
            throw e;
        }
    }

    private Lease lease(Answer answer, long before) {
        switch (answer.status()) {
            case 400, 401, 403, 404 ->
                throw problems.denied(
                        "Vault does not let this server in; the operator must renew what it logs in with",
                        "Vault answers the login at " + login.mount() + " with " + answer.status()
                                + ": check auth_mount, the role and the file, and that the role is bound to this server");
            default -> {
                if (!answer.isDone()) {
                    throw problems.of(answer.status());
                }
            }
        }
        JsonNode auth = answer.body().path("auth");
        String token = auth.path("client_token").asText();
        if (token.isEmpty()) {
            throw problems.badAnswer("a login without a token");
        }
        long ttl = ttl(auth);
        return new Lease(token, before, ttl, auth.path("renewable").asBoolean(), ttl);
    }

    private static long ttl(JsonNode auth) {
        return TimeUnit.SECONDS.toNanos(Math.clamp(auth.path("lease_duration").asLong(), 0, MAX_SECONDS));
    }

    private Lease renewed(Lease old, Deadline deadline) {
        try {
            if (!old.renewable()) {
                return loggedIn(old, deadline);
            }
            long before = nanos.getAsLong();
            Answer answer = http.send("POST", "auth/token/renew-self", old.token(), http.object(), true, deadline);
            JsonNode auth = answer.body().path("auth");
            long ttl = ttl(auth);
            // a time that has become short comes to the end of what may be renewed
            if (answer.isDone() && ttl >= old.first() / 2) {
                Lease next = new Lease(old.token(), before, ttl, auth.path("renewable").asBoolean(), old.first());
                return lease.compareAndSet(old, next) ? next : latest(old);
            }
            if (answer.isDone() || (answer.status() / 100 == 4 && answer.status() != 429)) {
                return loggedIn(old, deadline);
            }
            throw problems.of(answer.status());
        } catch (ProblemException e) {
            if (old.isOver(nanos.getAsLong()) || e.category() == ErrorCategory.INVALID_ARGUMENT) {
                throw e;
            }
            // it is valid still: use it, and try again in a moment
            renewalFailed = nanos.getAsLong();
            renewalPaused = true;
            return old;
        }
    }

    private Lease latest(Lease otherwise) {
        Lease now = lease.get();
        return now == null ? otherwise : now;
    }
}
