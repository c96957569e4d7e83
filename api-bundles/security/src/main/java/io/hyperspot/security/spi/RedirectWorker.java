// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.spi;

import java.net.URI;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Recognises people by the login page of somebody else (OpenID Connect's authorization code, SAML). A DS
 * component with {@code @GtsWorker(type = RedirectWorker.TYPE, ...)}. Called from many threads at once;
 * may ask the other side, within a deadline.
 */
@ConsumerType
public interface RedirectWorker {
    /** The GTS type of these workers. */
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.core.security.redirect_worker.v1~";

    /**
     * Where the browser goes.
     *
     * @param location the other side's page
     * @param memory what {@link #complete} needs again (nonce, code verifier, request id): kept by the
     *     caller, for the same browser, once and for minutes; never sent in clear
     */
    record Departure(URI location, Map<String, String> memory) {
        public Departure {
            memory = Map.copyOf(memory);
        }

        @Override
        public String toString() {
            return "Departure[" + location.getHost() + "]";
        }
    }

    /** By what a login names this worker: lower-case letters, digits and dashes; constant. */
    String provider();

    /**
     * @param callback where the other side sends the browser back to
     * @param state comes back unchanged as {@code state} or {@code RelayState}
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE or BAD_UPSTREAM when the other side cannot be
     *     asked
     */
    Departure depart(URI callback, String state);

    /**
     * Finds out who came back.
     *
     * @param callback the same as at departure
     * @param memory of the departure
     * @param answer the parameters with which the browser came, of the query or the form
     */
    Recognition complete(URI callback, Map<String, String> memory, Map<String, String> answer);
}
