// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.net.InetAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is known of the sender of a request, beside who it is. A resource takes it as a parameter with {@code
 * @Context}.
 */
@ProviderType
public interface Client {
    /** Where the request comes from, as far as the connection and trusted proxies say; null: not known. */
    @Nullable InetAddress address();

    /** Whether the sender speaks TLS, with this server or with a trusted proxy. */
    boolean isSecure();

    /** The server as the sender calls it: scheme, host and port. */
    URI origin();

    /** Whether a browser says that a page of another origin made it send this. */
    boolean isForeign();

    /** The value of a cookie; null: there is none of this name, or more than one. */
    @Nullable String cookie(String name);

    /** The credential that the request carries, in a header or in the session's cookie, or null. */
    @Nullable String credential();

    /**
     * To be asked before a credential in the body is looked at.
     *
     * @throws io.hyperspot.modkit.ProblemException RESOURCE_EXHAUSTED after too many wrong ones of this address
     */
    void beforeCredential();

    /**
     * Counts a wrong credential of this address.
     *
     * @throws io.hyperspot.modkit.ProblemException RESOURCE_EXHAUSTED
     */
    void wrongCredential();
}
