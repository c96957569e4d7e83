// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Turns a credential into a {@link SecurityContext}. An OSGi service, thread-safe; answers from a
 * cache on the hot path.
 */
@ProviderType
public interface Authenticator {
    /** What came of a credential. */
    sealed interface Result permits Authenticated, Refused, Undecided {}

    /**
     * The credential is good.
     *
     * @param csrfToken what a browser must send beside the cookie with which it keeps this session; null: the
     *     credential is no session
     */
    record Authenticated(SecurityContext context, @Nullable String csrfToken) implements Result {
        /** By a credential that no browser sends on its own. */
        public Authenticated(SecurityContext context) {
            this(context, null);
        }

        @Override
        public String toString() {
            return "Authenticated[context=" + context + "]";
        }
    }

    /**
     * The credential is absent, unknown, expired or revoked.
     *
     * @param reason a sentence for the caller; tells nothing that helps to guess a credential
     */
    record Refused(String reason) implements Result {}

    /** The store that knows the credential cannot be asked now: never answered as "refused". */
    record Undecided(String reason) implements Result {}

    /**
     * @param token the bearer token, API key or session, or null when the request has none
     * @param loopback for a request without a token: whether a program on this machine sent it, not a
     *     page of another site in a browser there
     */
    Result authenticate(@Nullable String token, boolean loopback);
}
