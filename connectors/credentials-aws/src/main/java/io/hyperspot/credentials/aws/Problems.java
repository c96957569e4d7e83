// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

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
                "AWS_MISCONFIGURED",
                "it is not used, because its configuration is wrong; the operator finds in the log what to correct",
                new ForOperator(why));
    }

    ProblemException noKey(String why) {
        return noKey(new ForOperator(why));
    }

    /** What the key is called, and where it is kept, is the operator's business. */
    ProblemException noKey(Throwable why) {
        return problem(ErrorCategory.UNAVAILABLE, "AWS_DENIED", "the operator must give this server an access key", why);
    }

    /** A key that is kept here cannot be read without itself. */
    ProblemException circular() {
        return noKey("the access key is a reference to a secret in the store '" + store + "', which needs it; keep it in another store");
    }

    ProblemException unavailable(String why, @Nullable Throwable cause) {
        return problem(ErrorCategory.UNAVAILABLE, "AWS_UNAVAILABLE", why, cause);
    }

    ProblemException late() {
        return problem(ErrorCategory.DEADLINE_EXCEEDED, "AWS_TIMEOUT", "AWS did not answer in time; try again in a moment", null);
    }

    /** Without a cause: parsers quote what they read. */
    ProblemException badAnswer(String what) {
        return problem(ErrorCategory.BAD_UPSTREAM, "AWS_BAD_ANSWER", "AWS answers " + what, null);
    }

    ProblemException invalid(String what) {
        return problem(ErrorCategory.INVALID_ARGUMENT, "AWS_SLOT_INVALID", what, null);
    }

    ProblemException taken(long seconds) {
        return problem(
                ErrorCategory.ABORTED,
                "SECRET_VERSION_TAKEN",
                "another value was written for this version, by another server or by a write that failed; read the secret"
                        + " again, and try again in " + seconds + " s",
                null);
    }

    ProblemException deleted() {
        return problem(
                ErrorCategory.FAILED_PRECONDITION,
                "AWS_SECRET_DELETED",
                "the secret has been marked for deletion in AWS; restore it there, or delete it here and make a new one",
                null);
    }

    ProblemException of(UpstreamException e) {
        return switch (e.kind()) {
            case TIMEOUT ->
                problem(ErrorCategory.DEADLINE_EXCEEDED, "AWS_TIMEOUT", "AWS did not answer in time; try again in a moment", e);
            case PROTOCOL, TOO_LARGE ->
                problem(ErrorCategory.BAD_UPSTREAM, "AWS_BAD_ANSWER", "AWS answers what is no answer of Secrets Manager", e);
            case OVERLOADED -> unavailable("AWS is not asked now, for it does not answer or has too many requests of this server", e);
            case CONNECT, CLOSED, CANCELLED, FORBIDDEN -> unavailable("AWS cannot be reached; try again in a moment", e);
        };
    }

    /** @param error the name of AWS's error, letters only; empty: it names none */
    ProblemException of(int status, String error) {
        return switch (error) {
            case "AccessDeniedException", "AccessDenied", "NotAuthorized" ->
                problem(
                        ErrorCategory.UNAVAILABLE,
                        "AWS_DENIED",
                        "AWS does not let this server do that; the operator must widen its policy",
                        new ForOperator("AWS answers " + error + ": the policy of the access key must allow GetSecretValue,"
                                + " CreateSecret, PutSecretValue, UpdateSecretVersionStage, DescribeSecret and DeleteSecret for"
                                + " <prefix>/*, and the use of the KMS key"));
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidAccessKeyId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignature",
                    "IncompleteSignatureException",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "RequestTimeTooSkewed",
                    "OptInRequired" ->
                problem(
                        ErrorCategory.UNAVAILABLE,
                        "AWS_DENIED",
                        "AWS does not know this server's access key; the operator must renew it",
                        new ForOperator("AWS answers " + error
                                + ": check the access key, its session token, the region and this server's clock"));
            case "EncryptionFailure", "DecryptionFailure", "KMSAccessDeniedException" ->
                unavailable(
                        "the KMS key cannot be used; the operator must enable it for this server",
                        new ForOperator("AWS answers " + error + ": check kms_key and that key's state and policy"));
            case "LimitExceededException" ->
                unavailable("a quota of AWS is used up; the operator must raise it", new ForOperator("AWS answers " + error));
            case "ResourceNotFoundException" -> unavailable("AWS does not see yet what was just made; try again in a moment", null);
            default -> SecretsManager.isPassing(status, error)
                    ? unavailable("AWS limits how often it is asked, or fails now; try again in a moment", new ForOperator(
                            "AWS answers " + status + " " + error))
                    : badAnswer("with status " + status + (error.isEmpty() ? "" : ", " + error));
        };
    }
}
