package fable.llm;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Map;

/** What went wrong, in words for callers: without the key, without the address. */
final class FableProblems {
    private final String provider;

    FableProblems(String provider) {
        this.provider = provider;
    }

    ProblemException of(UpstreamException e) {
        return switch (e.kind()) {
            case CANCELLED ->
                new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "the caller left", Map.of(), e);
            case TIMEOUT -> of(ErrorCategory.DEADLINE_EXCEEDED, "PROVIDER_TIMEOUT", "does not answer in time", e);
            case CONNECT, OVERLOADED, FORBIDDEN ->
                of(ErrorCategory.UNAVAILABLE, "PROVIDER_UNREACHABLE", "cannot be reached; try again later", e);
            case CLOSED, PROTOCOL, TOO_LARGE ->
                of(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "broke off, or answers what is not its protocol", e);
        };
    }

    ProblemException ofStatus(int status) {
        return switch (status) {
            case 400 -> of(ErrorCategory.INVALID_ARGUMENT, "PROVIDER_REFUSED", "refused the request");
            // the operator's key, not the caller's
            case 401, 403 -> of(ErrorCategory.BAD_UPSTREAM, "PROVIDER_KEY_REFUSED", "refused the key: set api_key");
            case 404 -> of(ErrorCategory.NOT_FOUND, "MODEL_NOT_FOUND", "does not know this model");
            case 429 -> of(ErrorCategory.RESOURCE_EXHAUSTED, "PROVIDER_RATE_LIMIT", "limits the rate; try again later");
            case 503 -> of(ErrorCategory.UNAVAILABLE, "PROVIDER_UNAVAILABLE", "is not available; try again later");
            default -> of(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ERROR", "failed with status " + status);
        };
    }

    ProblemException garbage() {
        return of(ErrorCategory.BAD_UPSTREAM, "PROVIDER_ANSWER", "answers what is not its protocol");
    }

    ProblemException of(ErrorCategory category, String code, String what) {
        return of(category, code, what, null);
    }

    /** The cause is logged, never shown. */
    private ProblemException of(ErrorCategory category, String code, String what, Exception cause) {
        return new ProblemException(
                category, code, "the provider '" + provider + "' " + what, Map.of("provider", provider), cause);
    }
}
