// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Cross-origin rules (Fetch standard): which origins browsers may call from. */
final class Cors {
    private static final String METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String EXPOSED = "ETag, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy";

    private final Set<String> origins;
    private final boolean any;

    Cors(List<String> allowedOrigins) {
        origins = Set.copyOf(allowedOrigins);
        any = origins.contains("*");
    }

    /** Adds the answer's headers; true when the request was a preflight and is answered by them. */
    boolean apply(Request request, Response response) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null || origins.isEmpty()) {
            return false;
        }
        HttpFields.Mutable headers = response.getHeaders();
        headers.add("Vary", "Origin");
        if (!any && !origins.contains(origin)) {
            return false;
        }
        headers.put("Access-Control-Allow-Origin", any ? "*" : origin);
        headers.put("Access-Control-Expose-Headers", EXPOSED);
        String wanted = request.getHeaders().get("Access-Control-Request-Method");
        if (!"OPTIONS".equals(request.getMethod()) || wanted == null) {
            return false;
        }
        headers.put("Access-Control-Allow-Methods", METHODS);
        String asked = request.getHeaders().get("Access-Control-Request-Headers");
        if (asked != null) {
            headers.put("Access-Control-Allow-Headers", asked);
        }
        headers.put("Access-Control-Max-Age", "600");
        return true;
    }
}
