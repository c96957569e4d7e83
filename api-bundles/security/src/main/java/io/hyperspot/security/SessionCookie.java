// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.time.Duration;

/** The cookie by which a browser keeps a session. */
public final class SessionCookie {
    /** With what every session's token begins; nothing else is taken from the cookie. */
    public static final String TOKEN_START = "hss_";

    private SessionCookie() {}

    /**
     * Over TLS a name that no other host and no page without TLS can set.
     *
     * @param secure whether the browser speaks TLS
     */
    public static String name(boolean secure) {
        return secure ? "__Host-hyperspot" : "hyperspot-session";
    }

    /** The value of {@code Set-Cookie} that gives a token to the browser. */
    public static String giving(String token, Duration life, boolean secure) {
        return of(name(secure), token, life, "Lax", secure);
    }

    /** The value of {@code Set-Cookie} that takes it away. */
    public static String takingAway(boolean secure) {
        return of(name(secure), "", Duration.ZERO, "Lax", secure);
    }

    /** The value of {@code Set-Cookie} of another cookie that no script may read. */
    public static String of(String name, String value, Duration life, String sameSite, boolean secure) {
        return name + "=" + value + "; Path=/; Max-Age=" + life.toSeconds() + "; HttpOnly; SameSite=" + sameSite
                + (secure ? "; Secure" : "");
    }
}
