// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Lets a request pass when its credential and permissions satisfy the operation's posture. */
final class Gate {
    private static final SecurityContext ANONYMOUS =
            new SecurityContext("anonymous", TenantId.ROOT, List.of());
    private static final String BEARER = "Bearer ";
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern LOCAL_ORIGIN = Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private volatile @Nullable Authenticator authenticator;

    void use(Authenticator next) {
        authenticator = next;
    }

    /** Forgets an authenticator unless another has taken its place already. */
    void release(Authenticator gone) {
        if (gone.equals(authenticator)) {
            authenticator = null;
        }
    }

    boolean isOpen() {
        return authenticator != null;
    }

    /**
     * @throws ProblemException UNAUTHENTICATED, PERMISSION_DENIED, or UNAVAILABLE when the credential
     *     cannot be checked now
     */
    SecurityContext pass(Request request, Posture posture) {
        if (posture.permission() == null) {
            return ANONYMOUS;
        }
        Authenticator current = authenticator;
        if (current == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "SECURITY_NOT_STARTED", "the security module has not started yet; try again in a moment");
        }
        String token = token(request.getHeaders());
        return switch (current.authenticate(token, token == null && loopback(request))) {
            case Authenticator.Authenticated(SecurityContext context) -> {
                if (!context.allows(posture.permission())) {
                    throw new ProblemException(
                            ErrorCategory.PERMISSION_DENIED,
                            "PERMISSION_DENIED",
                            "this needs the permission " + posture.permission()
                                    + ", which the credential does not have");
                }
                yield context;
            }
            case Authenticator.Refused(String reason) ->
                throw new ProblemException(ErrorCategory.UNAUTHENTICATED, "UNAUTHENTICATED", reason);
            case Authenticator.Undecided(String reason) ->
                throw new ProblemException(ErrorCategory.UNAVAILABLE, "CREDENTIAL_STORE_UNAVAILABLE", reason);
        };
    }

    private static @Nullable String token(HttpFields headers) {
        String authorization = headers.get(HttpHeader.AUTHORIZATION);
        if (authorization != null) {
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? authorization.substring(BEARER.length()).strip()
                    : "";
        }
        return headers.get("x-api-key");
    }

    /**
     * A program on this machine that speaks for itself: no proxy, and no browser that runs a page of
     * another site, be it one whose name was made to point here.
     */
    private static boolean loopback(Request request) {
        HttpFields headers = request.getHeaders();
        String origin = headers.get(HttpHeader.ORIGIN);
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && peer.getAddress().isLoopbackAddress()
                && LOCAL_NAMES.contains(request.getHttpURI().getHost())
                && (origin == null || LOCAL_ORIGIN.matcher(origin).matches())
                && !"cross-site".equals(headers.get("sec-fetch-site"))
                && !headers.contains("x-forwarded-for")
                && !headers.contains("forwarded");
    }
}
