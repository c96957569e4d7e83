// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.security.SessionCookie;
import io.hyperspot.web.Client;
import java.net.InetAddress;
import java.net.URI;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The sender of a request, as its connection and its headers say. */
final class RequestClient implements Client {
    private static final String BEARER = "Bearer ";

    private final Request request;
    private final HttpFields.Mutable answer;
    private final ClientAddress addresses;
    private final RateLimits rates;

    RequestClient(Request request, HttpFields.Mutable answer, ClientAddress addresses, RateLimits rates) {
        this.request = request;
        this.answer = answer;
        this.addresses = addresses;
        this.rates = rates;
    }

    @Override
    public @Nullable InetAddress address() {
        return addresses.of(request);
    }

    @Override
    public boolean isSecure() {
        return request.isSecure()
                || (addresses.isProxied(request)
                        && "https".equalsIgnoreCase(request.getHeaders().get(HttpHeader.X_FORWARDED_PROTO)));
    }

    @Override
    public URI origin() {
        return URI.create((isSecure() ? "https" : "http") + "://" + request.getHttpURI().getAuthority());
    }

    @Override
    public boolean isForeign() {
        HttpFields headers = request.getHeaders();
        String site = headers.get("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = headers.get(HttpHeader.ORIGIN);
        return origin != null && !isOwn(origin);
    }

    /** A proxy that is not trusted hides that the browser speaks TLS: the scheme cannot tell then. */
    private boolean isOwn(String origin) {
        int end = origin.indexOf("://");
        HttpURI uri = request.getHttpURI();
        return end > 0
                && origin.substring(end + 3).equalsIgnoreCase(uri.getAuthority())
                && (origin.startsWith("https://") || (origin.startsWith("http://") && !isSecure()));
    }

    @Override
    public @Nullable String cookie(String name) {
        if (!request.getHeaders().contains(HttpHeader.COOKIE)) {
            return null;
        }
        String found = null;
        for (HttpCookie cookie : Request.getCookies(request)) {
            if (cookie.getName().equals(name)) {
                if (found != null) {
                    return null;
                }
                found = cookie.getValue();
            }
        }
        return found;
    }

    /** The credential of a header; null: there is none. */
    @Nullable String headerCredential() {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null) {
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? authorization.substring(BEARER.length()).strip()
                    : "";
        }
        String key = request.getHeaders().get("x-api-key");
        // the name that Google's clients know it by
        return key == null ? request.getHeaders().get("x-goog-api-key") : key;
    }

    /** The session of the cookie; null: there is none. */
    @Nullable String session() {
        String token = cookie(SessionCookie.name(isSecure()));
        return token != null && token.startsWith(SessionCookie.TOKEN_START) ? token : null;
    }

    @Override
    public @Nullable String credential() {
        String header = headerCredential();
        return header == null ? session() : header;
    }

    @Override
    public void beforeCredential() {
        rates.beforeCredential(address(), answer);
    }

    @Override
    public void wrongCredential() {
        rates.wrongCredential(address(), answer);
    }
}
