// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider's failures in words for callers; never with a credential, never with an address. Thread-safe. */
public final class Problems {
    private static final int QUOTED = 300;

    private final String provider;

    private final Secret key;

    Problems(String provider, Secret key) {
        this.provider = provider;
        this.key = key;
    }

    /** Those of a provider that has no key. */
    public static Problems of(String provider) {
        return new Problems(provider, new Secret(ConfiguredSecrets.literal().of("")));
    }

    ProblemException of(UpstreamException e) {
        return switch (e.kind()) {
            case CONNECT ->
                problem(ErrorCategory.UNAVAILABLE, "PROVIDER_UNREACHABLE", "cannot be reached; try again later", e);
            case OVERLOADED ->
                new ProblemException(
                        ErrorCategory.UNAVAILABLE,
                        "PROVIDER_OVERLOADED",
                        sentence(e.retryAfter().isPresent()
                                ? "gets no requests for a moment, because it has failed repeatedly"
                                : "gets no more requests for a moment: all its connections are in use"),
                        Map.of("retry_after_seconds", retryAfter(e)),
                        e);
            case TIMEOUT ->
                problem(ErrorCategory.DEADLINE_EXCEEDED, "PROVIDER_TIMEOUT", "did not answer within its time limit", e);
            case CLOSED ->
                problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_CLOSED", "closed the connection within its answer", e);
            case TOO_LARGE -> problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers more than is taken", e);
            case PROTOCOL -> problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers garbage", e);
            case FORBIDDEN ->
                problem(
                        ErrorCategory.UNAVAILABLE,
                        "PROVIDER_MISCONFIGURED",
                        "is not configured properly, so that nothing is sent to it; an operator must correct that:"
                                + " the server's health says how",
                        e);
            case CANCELLED ->
                new ProblemException(
                        ErrorCategory.CANCELLED, "CANCELLED", "the request was cancelled", Map.of(), e);
        };
    }

    private static long retryAfter(UpstreamException e) {
        Duration known = e.retryAfter().orElse(Duration.ofSeconds(2));
        return Math.max(1, known.plusMillis(999).toSeconds());
    }

    /** What went wrong, without the provider's name and address. */
    String words(Exception e) {
        ProblemException problem = e instanceof UpstreamException upstream
                ? of(upstream)
                : e instanceof ProblemException known ? known : garbage("what is not JSON", e);
        String text = problem.detail();
        String start = sentence("");
        return text.startsWith(start) ? text.substring(start.length()) : text;
    }

    /** Without the provider's key, should it be there. */
    String masked(String text) {
        return key.masked(text);
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

    /** What came is not what the provider's API says. */
    public ProblemException garbage(String what, @Nullable Throwable cause) {
        return problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers garbage: " + what, cause);
    }

    /** An answer that lacks its end. */
    public ProblemException brokeOff() {
        return problem(ErrorCategory.BAD_UPSTREAM, "PROVIDER_CLOSED", "ended its answer before it was complete", null);
    }

    /** A request that this provider's API has no place for. */
    public ProblemException unsupported(String what) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "UNSUPPORTED", sentence("cannot take " + what));
    }

    /**
     * A status of 400 and above.
     *
     * @param message the provider's, or empty
     * @param retryAfter its header, or null
     */
    public ProblemException ofStatus(int status, String message, @Nullable String retryAfter) {
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

    private String clean(String said) {
        String message = masked(said);
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
