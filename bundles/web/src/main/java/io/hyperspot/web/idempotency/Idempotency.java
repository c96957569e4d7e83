// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.idempotency;

import static io.hyperspot.web.idempotency.RequestTable.REQUEST;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.SecurityContext;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests with an {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header-07). The first one inserts a row,
 * which decides between those that come at once, also on other servers; the answer is kept with it before it is given. So
 * a request is done at most once: of one whose server died before the answer was kept, nobody says that it was not done.
 * Thread-safe.
 */
@Component(service = Idempotency.class)
public final class Idempotency {
    /** For how long answers are kept. */
    public static final Duration KEPT = Duration.ofHours(24);

    /** Larger answers are not kept. */
    public static final int LARGEST_ANSWER = 256 << 10;

    private static final Logger log = LoggerFactory.getLogger(Idempotency.class);
    private static final String MODULE = "web";
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final int SWEPT_AT_ONCE = 500;
    private static final Pattern KEY = Pattern.compile("\"?([!-~&&[^\"\\\\]]{16,255})\"?");
    private static final TenantScope ALL = TenantScope.platform("answers of all tenants are forgotten after their time");

    private final Database database;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Thread sweeper;

    @Activate
    public Idempotency(BundleContext context, @Reference Databases databases) {
        this(databases.open(MODULE, Migration.of(context.getBundle(), MODULE)), Clock.systemUTC());
    }

    Idempotency(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.sweeper = Thread.ofVirtual().name("web-idempotency").start(this::keepSweeping);
    }

    @Deactivate
    void close() {
        sweeper.interrupt();
    }

    private void keepSweeping() {
        try {
            while (true) {
                Thread.sleep(SWEEP);
                try {
                    sweep();
                } catch (DatabaseException e) {
                    log.debug("old answers are forgotten later", e);
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    void sweep() {
        long before = clock.millis() - KEPT.toMillis();
        int swept;
        do {
            swept = database.<Integer>write(ALL, rows -> {
                List<String> old = rows.from(REQUEST).where(REQUEST.begunAt.lt(before)).limit(SWEPT_AT_ONCE).fetch().stream()
                        .map(row -> row.get(REQUEST.id))
                        .toList();
                return old.isEmpty() ? 0 : rows.delete(REQUEST, REQUEST.id.in(old));
            });
        } while (swept == SWEPT_AT_ONCE);
    }

    /**
     * @param key as it was sent
     * @param operation method, path and query
     * @param longest no request is at work for longer
     * @throws ProblemException INVALID_ARGUMENT for a malformed key, or one that was used for another request; ABORTED
     *     while the first request is at work, or when nobody knows what became of it
     */
    public Begun begin(SecurityContext caller, String key, String operation, byte[] body, Duration longest) {
        var matcher = KEY.matcher(key.strip());
        if (!matcher.matches()) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_IDEMPOTENCY_KEY",
                    "an Idempotency-Key is a random text of 16 to 255 visible ASCII characters, for example a UUID");
        }
        AnswerKey known = new AnswerKey(caller, matcher.group(1));
        String request = known.digest(operation, body);
        TenantScope scope = TenantScope.of(caller);
        long now = clock.millis();
        RequestTable.@Nullable Row before = database.<RequestTable.@Nullable Row>write(scope, rows -> {
            RequestTable.Row found = rows.from(REQUEST).where(REQUEST.id.eq(known.id())).fetchFirst().orElse(null);
            if (found != null && found.get(REQUEST.begunAt) >= now - KEPT.toMillis()) {
                return found;
            }
            if (found != null) {
                rows.delete(REQUEST, REQUEST.id.eq(known.id()));
            }
            RequestTable.Row row = new RequestTable.Row();
            row.set(REQUEST.id, known.id());
            row.set(REQUEST.tenantId, caller.tenant().toString());
            row.set(REQUEST.request, request);
            row.set(REQUEST.begunAt, now);
            rows.insert(row);
            return null;
        });
        return before == null ? new FirstRequest(scope, known) : again(before, known, request, now - longest.toMillis());
    }

    private static Begun again(RequestTable.Row before, AnswerKey known, String request, long oldestAtWork) {
        if (!before.get(REQUEST.request).equals(request)) {
            throw new ProblemException(
                    ErrorCategory.UNPROCESSABLE,
                    "IDEMPOTENCY_KEY_REUSED",
                    "this Idempotency-Key was sent with another request before; use a new one for each");
        }
        byte[] answer = before.get(REQUEST.answer);
        if (answer != null) {
            return new Begun.Answered(KeptAnswer.of(known.open(answer)));
        }
        if (before.get(REQUEST.begunAt) >= oldestAtWork) {
            throw new ProblemException(
                    ErrorCategory.ABORTED,
                    "IDEMPOTENCY_IN_PROGRESS",
                    "the first request with this Idempotency-Key is at work; send this one again in a moment",
                    Map.of("retry_after_seconds", 1),
                    null);
        }
        throw new ProblemException(
                ErrorCategory.ABORTED,
                "IDEMPOTENCY_OUTCOME_UNKNOWN",
                "the first request with this Idempotency-Key ended without an answer that was kept; look whether it was done, and"
                        + " send it with another key if not");
    }

    private final class FirstRequest implements Begun.Claim {
        private final TenantScope scope;
        private final AnswerKey known;

        FirstRequest(TenantScope scope, AnswerKey known) {
            this.scope = scope;
            this.known = known;
        }

        @Override
        public void keep(KeptAnswer answer) {
            RequestTable.Row changes = new RequestTable.Row();
            changes.set(REQUEST.answer, known.seal(answer.bytes(), random));
            database.<Integer>write(scope, rows -> rows.update(changes, REQUEST.id.eq(known.id())));
        }

        @Override
        public void release() {
            database.<Integer>write(scope, rows -> rows.delete(REQUEST, REQUEST.id.eq(known.id())));
        }
    }
}
