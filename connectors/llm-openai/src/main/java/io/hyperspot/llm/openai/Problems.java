// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider's failures in words for callers; never with a credential, never with an address. */
final class Problems {
    private static final int QUOTED = 300;

    private final String provider;

    Problems(String provider) {
        this.provider = provider;
    }

    ProblemException of(UpstreamException e) {
        return switch (e.kind()) {
            case CONNECT ->
                problem(ErrorCategory.UNAVAILABLE, "PROVIDER_UNREACHABLE", "cannot be reached; try again later", e);
            case OVERLOADED ->
                new ProblemException(
                        ErrorCategory.UNAVAILABLE,
                        "PROVIDER_OVERLOADED",
                        sentence("gets no more requests for a moment: it has failed repeatedly, or all its"
                                + " connections are in use"),
                        Map.of("retry_after_seconds", 2L),
                        e);
            case TIMEOUT ->
                problem(ErrorCategory.DEADLINE_EXCEEDED, "PROVIDER_TIMEOUT", "did not answer within its time limit", e);
            case CLOSED ->
                problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_CLOSED", "closed the connection within its answer", e);
            case TOO_LARGE -> problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers more than is taken", e);
            case PROTOCOL, FORBIDDEN -> problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers garbage", e);
            case CANCELLED ->
                new ProblemException(
                        ErrorCategory.CANCELLED, "CANCELLED", "the request was cancelled", Map.of(), e);
        };
    }

    /** Not the caller's 401: the caller's own key was right. */
    ProblemException keyRefused(int status) {
        return problem(
                ErrorCategory.BAD_UPSTREAM,
                "PROVIDER_KEY_REFUSED",
                "refused the key that is configured for it (status " + status + "); an operator must set api_key",
                null);
    }

    ProblemException redirected(int status) {
        return problem(
                ErrorCategory.BAD_UPSTREAM,
                "PROVIDER_ANSWER",
                "answers with a redirect (status " + status + "), which is not followed; an operator must set base_url",
                null);
    }

    ProblemException garbage(String what, @Nullable Throwable cause) {
        return problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers garbage: " + what, cause);
    }

    ProblemException brokeOff() {
        return problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_CLOSED", "ended its answer before it was complete", null);
    }

    ProblemException unsupported(String what) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "UNSUPPORTED", sentence("cannot take " + what));
    }

    /**
     * A status of 400 and above.
     *
     * @param message the provider's, or empty
     * @param retryAfter its header, or null
     */
    ProblemException ofStatus(int status, String message, @Nullable String retryAfter) {
        String said = message.isEmpty() ? "" : ": " + clean(message);
        return switch (status) {
            case 401, 403 -> keyRefused(status);
            case 404 -> problem(ErrorCategory.NOT_FOUND, "MODEL_NOT_FOUND", "does not know this model" + said, null);
            case 413 -> problem(ErrorCategory.TOO_LARGE, "TOO_LARGE", "takes no request of this size" + said, null);
            case 429 ->
                new ProblemException(
                        ErrorCategory.RESOURCE_EXHAUSTED,
                        "PROVIDER_RATE_LIMIT",
                        sentence("limits the rate" + said),
                        retryAfter(retryAfter),
                        null);
            case 503, 529 ->
                new ProblemException(
                        ErrorCategory.UNAVAILABLE,
                        "PROVIDER_UNAVAILABLE",
                        sentence("is not available" + said),
                        retryAfter(retryAfter),
                        null);
            case 408, 504 ->
                problem(ErrorCategory.DEADLINE_EXCEEDED, "PROVIDER_TIMEOUT", "did not answer in time" + said, null);
            default ->
                status < 500
                        ? problem(
                                ErrorCategory.INVALID_ARGUMENT, "PROVIDER_REFUSED", "refused the request" + said, null)
                        : problem(
                                ErrorCategory.BAD_UPSTREAM,
                                "PROVIDER_ERROR",
                                "failed (status " + status + ")" + said,
                                null);
        };
    }

    private static Map<String, Object> retryAfter(@Nullable String header) {
        if (header != null && header.length() <= 6 && header.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return header.isEmpty() ? Map.of() : Map.of("retry_after_seconds", Long.parseLong(header));
        }
        return Map.of();
    }

    private static String clean(String message) {
        String text = message.length() > QUOTED ? message.substring(0, QUOTED) + "..." : message;
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private ProblemException problem(
            ErrorCategory category, String code, String what, @Nullable Throwable cause) {
        return new ProblemException(category, code, sentence(what), Map.of("provider", provider), cause);
    }

    private String sentence(String what) {
        return "the provider '" + provider + "' " + what;
    }
}
