// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;

/** Whether a request that changes something comes from the console's own pages. */
final class SameOrigin {
    private SameOrigin() {}

    static boolean isUnsafe(HttpServletRequest request) {
        return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
    }

    /** A browser says where a request comes from; something that says nothing is no browser. */
    static boolean holds(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return true;
        }
        try {
            return URI.create(origin).getAuthority() != null
                    && URI.create(origin).getAuthority().equals(request.getHeader("Host"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
