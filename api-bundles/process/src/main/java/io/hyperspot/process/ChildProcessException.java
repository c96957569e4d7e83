// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call to a child process did not complete. */
public final class ChildProcessException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Kind {
        /** The process does not start, is in its backoff, or was closed. */
        UNAVAILABLE,
        /** Too many calls wait. */
        OVERLOADED,
        /** The process ended during the call. */
        CRASHED,
        /** The child answered with an error; see the code. */
        FAILED,
        CANCELLED
    }

    private final Kind kind;
    private final String code;
    private final Duration retryAfter;

    public ChildProcessException(Kind kind, String message) {
        this(kind, message, "", Duration.ZERO, null);
    }

    /**
     * @param code the child's own, for {@link Kind#FAILED}; else empty
     * @param retryAfter zero when unknown
     */
    public ChildProcessException(
            Kind kind, String message, String code, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** The child's own code of a failure; empty when it gave none. */
    public String code() {
        return code;
    }

    /** When it may work again; zero when unknown. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /**
     * What a caller of the product is told. Says nothing of the process's inside, which is the cause
     * and goes to the log.
     *
     * @param subject what the process does, as in "the local model"
     */
    public ProblemException toProblem(String subject) {
        long seconds = Math.max(1, retryAfter.toSeconds() + (retryAfter.toNanosPart() > 0 ? 1 : 0));
        Map<String, Object> retry = Map.of("retry_after_seconds", seconds);
        return switch (kind) {
            case UNAVAILABLE -> problem(
                    ErrorCategory.UNAVAILABLE,
                    "PROCESS_UNAVAILABLE",
                    subject + " does not run at present; try again in " + seconds + " s",
                    retry);
            case OVERLOADED -> problem(
                    ErrorCategory.UNAVAILABLE,
                    "PROCESS_BUSY",
                    subject + " has as many calls waiting as it may; try again in " + seconds + " s",
                    retry);
            case CRASHED -> problem(
                    ErrorCategory.BAD_UPSTREAM,
                    "PROCESS_CRASHED",
                    subject + " ended while it worked for this call; it is started again for the next",
                    Map.of());
            case FAILED -> problem(
                    ErrorCategory.BAD_UPSTREAM, "PROCESS_FAILED", subject + " failed: " + getMessage(), Map.of());
            case CANCELLED -> problem(
                    ErrorCategory.CANCELLED, "CANCELLED", "the call to " + subject + " was cancelled", Map.of());
        };
    }

    private ProblemException problem(
            ErrorCategory category, String problemCode, String detail, Map<String, Object> context) {
        return new ProblemException(category, problemCode, detail, context, this);
    }
}
