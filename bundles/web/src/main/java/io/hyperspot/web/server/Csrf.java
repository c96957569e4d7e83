// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/**
 * Whether a request that a browser sends with its cookie is meant by the person: a page of another site can
 * make it send the cookie, but not read the session's token.
 */
final class Csrf {
    private static final String HEADER = "x-csrf-token";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private Csrf() {}

    /**
     * @param expected the session's token
     * @throws ProblemException PERMISSION_DENIED
     */
    static void check(Request request, RequestClient client, String expected) {
        if (SAFE.contains(request.getMethod())) {
            return;
        }
        if (client.isForeign()) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "CROSS_SITE_REQUEST",
                    "a page of another site sent this with the session's cookie; other sites need a key or a token of their own");
        }
        String sent = request.getHeaders().get(HEADER);
        if (sent == null) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "CSRF_TOKEN_MISSING",
                    "send the session's csrf_token, which GET /auth/v1/session tells, in the header x-csrf-token");
        }
        if (!MessageDigest.isEqual(bytes(sent), bytes(expected))) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "CSRF_TOKEN_WRONG",
                    "the header x-csrf-token is not of this session; GET /auth/v1/session tells which is");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
