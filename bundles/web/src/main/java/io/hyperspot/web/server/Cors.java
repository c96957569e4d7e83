// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.security.TenantId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Cross-origin rules (Fetch standard): which origins browsers may call from. A preflight carries no
 * credential, so that it is answered for an origin of any tenant; the request itself only for one of its own.
 * Cookies are never allowed: a page of another origin sends a token, or is nobody.
 */
final class Cors {
    private static final String METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String EXPOSED =
            "ETag, Location, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed";
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[a-z0-9._\\-\\[\\]:]+");

    private final Set<String> origins;
    private final Map<TenantId, Set<String>> ofTenants;
    private final Set<String> all;
    private final boolean any;

    /**
     * @throws IllegalArgumentException when an entry is not an origin, or not a tenant and an origin
     */
    Cors(List<String> allowedOrigins, List<String> tenantOrigins) {
        any = allowedOrigins.contains("*");
        origins = allowedOrigins.stream().filter(entry -> !entry.equals("*")).map(Cors::origin).collect(Collectors.toUnmodifiableSet());
        Map<TenantId, Set<String>> found = new HashMap<>();
        Set<String> union = new HashSet<>(origins);
        for (String entry : tenantOrigins) {
            int split = entry.indexOf('=');
            if (split < 1) {
                throw new IllegalArgumentException("'" + entry + "' (modules.web.cors_tenant_origins) is not <tenant id>=<origin>");
            }
            String origin = origin(entry.substring(split + 1).strip());
            found.computeIfAbsent(TenantId.of(entry.substring(0, split).strip()), id -> new HashSet<>()).add(origin);
            union.add(origin);
        }
        ofTenants = Map.copyOf(found);
        all = Set.copyOf(union);
    }

    /** As browsers write it. */
    private static String origin(String entry) {
        if (!ORIGIN.matcher(entry).matches()) {
            throw new IllegalArgumentException("'" + entry + "' (modules.web.cors_allowed_origins, modules.web.cors_tenant_origins) is no"
                    + " origin: a scheme and a host without a path, such as https://app.example");
        }
        return entry.toLowerCase(Locale.ROOT);
    }

    static Cors of(WebConfig config) {
        return new Cors(List.of(config.cors__allowed__origins()), List.of(config.cors__tenant__origins()));
    }

    /** Adds the answer's headers as far as no tenant is needed; true when it was a preflight and is answered by them. */
    boolean apply(Request request, Response response) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (all.isEmpty() && !any) {
            return false;
        }
        HttpFields.Mutable headers = response.getHeaders();
        // also without an origin: a cache must not give that answer to a browser that has one
        headers.add("Vary", "Origin");
        if (origin == null) {
            return false;
        }
        boolean everyone = any || origins.contains(origin);
        String wanted = request.getHeaders().get("Access-Control-Request-Method");
        boolean preflight = "OPTIONS".equals(request.getMethod()) && wanted != null;
        if (everyone || (preflight && all.contains(origin))) {
            allow(headers, origin);
        } else {
            return false;
        }
        if (!preflight) {
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

    /** Adds what the caller's tenant allows. */
    void identified(Request request, Response response, TenantId tenant) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && ofTenants.getOrDefault(tenant, Set.of()).contains(origin)) {
            allow(response.getHeaders(), origin);
        }
    }

    /** To a refusal of somebody unknown, which holds nothing of a tenant, so that the page of any tenant sees why. */
    void unidentified(Request request, Response response) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && all.contains(origin)) {
            allow(response.getHeaders(), origin);
        }
    }

    private void allow(HttpFields.Mutable headers, String origin) {
        headers.put("Access-Control-Allow-Origin", any ? "*" : origin);
        headers.put("Access-Control-Expose-Headers", EXPOSED);
    }
}
