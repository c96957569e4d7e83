// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What callers are told. The sentences are for anybody who may use a secret, so they name the store only; what
 * is for the operator is in the cause, which goes to the log.
 */
final class Problems {
    private final String store;

    Problems(String store) {
        this.store = store;
    }

    /** What the operator needs to know and callers do not. */
    static final class ForOperator extends Exception {
        private static final long serialVersionUID = 1L;

        ForOperator(String message) {
            super(message);
        }
    }

    private ProblemException problem(ErrorCategory category, String code, String what, @Nullable Throwable cause) {
        return new ProblemException(category, code, "the store '" + store + "': " + what, Map.of(), cause);
    }

    ProblemException misconfigured(String why) {
        return problem(
                ErrorCategory.UNAVAILABLE,
                "VAULT_MISCONFIGURED",
                "it is not used, because its configuration is wrong; the operator finds in the log what to correct",
                new ForOperator(why));
    }

    ProblemException unavailable(String why, @Nullable Throwable cause) {
        return problem(ErrorCategory.UNAVAILABLE, "VAULT_UNAVAILABLE", why, cause);
    }

    /** @param operator what to check */
    ProblemException denied(String why, String operator) {
        return problem(ErrorCategory.UNAVAILABLE, "VAULT_DENIED", why, new ForOperator(operator));
    }

    ProblemException late() {
        return problem(
                ErrorCategory.DEADLINE_EXCEEDED, "VAULT_TIMEOUT", "Vault did not answer in time; try again in a moment", null);
    }

    /** Without a cause: parsers quote what they read. */
    ProblemException badAnswer(String what) {
        return problem(ErrorCategory.BAD_UPSTREAM, "VAULT_BAD_ANSWER", "Vault answers " + what, null);
    }

    ProblemException invalid(String what) {
        return problem(ErrorCategory.INVALID_ARGUMENT, "VAULT_SLOT_INVALID", what, null);
    }

    ProblemException taken(long seconds) {
        return problem(
                ErrorCategory.ABORTED,
                "SECRET_VERSION_TAKEN",
                "another value was written for this version, by another server or by a write that failed; read the secret"
                        + " again, and try again in " + seconds + " s",
                null);
    }

    ProblemException of(UpstreamException e) {
        return switch (e.kind()) {
            case TIMEOUT ->
                problem(ErrorCategory.DEADLINE_EXCEEDED, "VAULT_TIMEOUT", "Vault did not answer in time; try again in a moment", e);
            case PROTOCOL, TOO_LARGE ->
                problem(ErrorCategory.BAD_UPSTREAM, "VAULT_BAD_ANSWER", "Vault answers what is no answer of Vault", e);
            case OVERLOADED -> unavailable("Vault is not asked now, for it does not answer or has too many requests of this server", e);
            case CONNECT, CLOSED, CANCELLED, FORBIDDEN ->
                unavailable("Vault cannot be reached; try again in a moment", e);
        };
    }

    /** For an answer that is neither success nor an answer to what was asked. */
    ProblemException of(int status) {
        return switch (status) {
            case 403 ->
                denied(
                        "Vault does not let this server in; the operator must renew its token or widen its policy",
                        "Vault answers 403: the token is not valid any more, or its policy lacks create, read and update of"
                                + " <mount>/data/<prefix>/*, or list and delete of <mount>/metadata/<prefix>/*");
            case 301, 302, 307, 308 ->
                unavailable(
                        "Vault sends this server to another one",
                        new ForOperator("Vault redirects (" + status + "): it is a standby; 'address' must lead to the active node"));
            case 412 -> unavailable("this node of Vault does not have the newest data yet; try again in a moment", null);
            case 429 -> unavailable("Vault limits how often it is asked; try again in a moment", null);
            case 472, 473 -> unavailable(
                    "this node of Vault is a standby; try again in a moment",
                    new ForOperator("Vault answers " + status + ": 'address' must lead to the active node"));
            case 503 -> unavailable(
                    "Vault is sealed or in maintenance; the operator must unseal it",
                    new ForOperator("Vault answers 503: it is sealed or in maintenance"));
            case 500, 502, 504 -> unavailable("Vault fails now (" + status + "); try again in a moment", null);
            default -> badAnswer("with status " + status);
        };
    }
}
