// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import java.util.Locale;

/**
 * The closed set of error categories. Each has one HTTP status and one stable problem type; the
 * categories are those of Google AIP-193.
 */
public enum ErrorCategory {
    INVALID_ARGUMENT(400, "Invalid argument"),
    FAILED_PRECONDITION(400, "Failed precondition"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    PERMISSION_DENIED(403, "Permission denied"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    TIMEOUT(408, "Request timeout"),
    ALREADY_EXISTS(409, "Already exists"),
    ABORTED(409, "Aborted"),
    PRECONDITION_FAILED(412, "Precondition failed"),
    TOO_LARGE(413, "Content too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    UNPROCESSABLE(422, "Unprocessable content"),
    PRECONDITION_REQUIRED(428, "Precondition required"),
    RESOURCE_EXHAUSTED(429, "Resource exhausted"),
    HEADERS_TOO_LARGE(431, "Request header fields too large"),
    CANCELLED(499, "Cancelled"),
    INTERNAL(500, "Internal error"),
    UNIMPLEMENTED(501, "Not implemented"),
    BAD_UPSTREAM(502, "Bad answer from upstream"),
    UNAVAILABLE(503, "Unavailable"),
    DEADLINE_EXCEEDED(504, "Deadline exceeded");

    private final int status;
    private final String title;

    ErrorCategory(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status, 400 to 599. */
    public int status() {
        return status;
    }

    /** A short English title, the same for every problem of this category. */
    public String title() {
        return title;
    }

    /** The stable problem type URI (RFC 9457, section 3.1.1), a GTS instance id. */
    public String type() {
        return "gts://gts.hyperspot.core.errors.err.v1~hyperspot.core.err."
                + name().toLowerCase(Locale.ROOT)
                + ".v1";
    }
}
