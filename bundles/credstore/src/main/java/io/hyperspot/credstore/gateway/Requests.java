// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.credstore.Credentials;
import io.hyperspot.credstore.Secret;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What callers may ask for. No message repeats what was sent. */
final class Requests {
    static final int MOST_BYTES = 64 << 10;
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final int MOST_TYPE = 1024;

    private Requests() {}

    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    static String reference(String text) {
        if (!isReference(text)) {
            throw invalid("the reference is 1 to 255 letters, digits, underscores and dashes");
        }
        return text;
    }

    static Secret value(Secret value) {
        if (value.length() == 0 || value.length() > MOST_BYTES) {
            throw invalid("the value has 1 to " + MOST_BYTES + " bytes");
        }
        return value;
    }

    static String type(@Nullable String type) {
        if (type == null) {
            return Credentials.GENERIC_TYPE;
        }
        try {
            if (type.length() <= MOST_TYPE
                    && type.startsWith(Credentials.SECRET_TYPE)
                    && type.length() > Credentials.SECRET_TYPE.length()
                    && GtsId.parse(type).isType()) {
                return type;
            }
        } catch (GtsSyntaxException e) {
            // said below, without what was sent
        }
        throw invalid("the type is a GTS type id that begins with " + Credentials.SECRET_TYPE);
    }

    static @Nullable Instant future(@Nullable Instant time, Instant now, String name) {
        if (time != null && (!time.isAfter(now) || time.isAfter(now.plusSeconds(100L * 366 * 86400)))) {
            throw invalid(name + " must be in the future, at most 100 years");
        }
        return time;
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_SECRET_REQUEST", detail);
    }

    static ProblemException notFound() {
        return new ProblemException(
                ErrorCategory.NOT_FOUND, "SECRET_NOT_FOUND", "there is no such secret; GET /credstore/v1/secrets lists those there are");
    }

    static ProblemException stale() {
        return new ProblemException(
                ErrorCategory.ABORTED,
                "OPTIMISTIC_LOCK_FAILURE",
                "the secret has changed since: read it again, and send its new ETag in If-Match");
    }
}
