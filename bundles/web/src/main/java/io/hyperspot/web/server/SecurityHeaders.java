// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;

/**
 * What every answer tells browsers unless its operation says otherwise: no guessing of content types, no
 * address in {@code Referer}, no frames of other pages around it, and behind TLS nothing but TLS (RFC 6797).
 */
final class SecurityHeaders {
    private static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    // not "no-referrer": with that, browsers say "Origin: null" of a page's own forms, and the console refuses those
    private static final HttpField REFERRER = new PreEncodedHttpField("Referrer-Policy", "same-origin");
    private static final HttpField NO_FRAMES = new PreEncodedHttpField("Content-Security-Policy", "frame-ancestors 'none'");
    private static final HttpField TLS_ONLY = new PreEncodedHttpField("Strict-Transport-Security", "max-age=31536000");
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");

    private SecurityHeaders() {}

    static void apply(Request request, HttpFields.Mutable answer) {
        answer.put(NO_SNIFF);
        answer.put(REFERRER);
        answer.put(NO_FRAMES);
        // on a developer's machine it would take plain HTTP from every other program on localhost
        if (request.isSecure() && !"localhost".equals(request.getHttpURI().getHost())) {
            answer.put(TLS_ONLY);
        }
    }

    /** What is answered to a credential is kept by nobody on the way. */
    static void keepPrivate(HttpFields.Mutable answer) {
        answer.put(NO_STORE);
    }
}
