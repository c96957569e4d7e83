// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import io.hyperspot.http.client.GuardedHttp.Request;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request of a chain of redirects: what is sent to whom. */
record Hop(String method, Target target, List<Header> headers, byte[] body) {
    /** What another origin may see; all others could hold a credential or a signature. */
    private static final Set<String> HARMLESS =
            Set.of("accept", "accept-encoding", "accept-language", "content-language", "content-type", "user-agent");

    private static final Set<String> OF_BODIES = Set.of("content-language", "content-type", "content-encoding");

    static Hop first(Request request, Target target) {
        return new Hop(request.method(), target, request.headers(), request.body());
    }

    static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** Where a redirect leads; not checked yet. */
    URI resolve(@Nullable String location) throws UpstreamException {
        try {
            return target.url().resolve(location == null ? "" : location);
        } catch (IllegalArgumentException e) {
            throw new UpstreamException(Kind.PROTOCOL, target.host() + ": redirects to what is no URL");
        }
    }

    /** The request that follows a redirect with that status. */
    Hop follow(int status, Target next) throws UpstreamException {
        if (target.isSecure() && !next.isSecure()) {
            throw Guard.forbidden(target.host() + " redirects from https to http");
        }
        boolean toGet = (status == 303 && !method.equals("HEAD")) || (status <= 302 && method.equals("POST"));
        boolean sameOrigin = target.isSameOrigin(next);
        List<Header> kept = headers.stream()
                .filter(header -> {
                    String name = header.name().toLowerCase(Locale.ROOT);
                    return (sameOrigin || HARMLESS.contains(name)) && !(toGet && OF_BODIES.contains(name));
                })
                .toList();
        return new Hop(toGet ? "GET" : method, next, kept, toGet ? new byte[0] : body);
    }
}
