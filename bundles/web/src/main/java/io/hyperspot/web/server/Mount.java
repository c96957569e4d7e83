// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.util.List;
import org.eclipse.jetty.server.Handler;

/** Something that serves the paths below a prefix. */
sealed interface Mount {
    /** Without a closing slash; empty for the root. */
    String path();

    InFlight inFlight();

    /** A protocol handler with its operations. */
    record Protocol(String path, ProtocolHandler handler, List<Served> operations, ClassLoader loader, InFlight inFlight)
            implements Mount {}

    /** An operation of a protocol handler, and how many are in it. */
    record Served(Operation operation, Posture posture, Bulkhead bulkhead) {
        static Served of(Operation operation) {
            return new Served(
                    operation,
                    Posture.of(operation),
                    new Bulkhead(operation.limits().maxInFlight()));
        }
    }

    /** The REST resources of a bundle below one prefix. */
    record Resources(String path, JerseyApplication application, InFlight inFlight) implements Mount {}

    /** The servlets of the OSGi Servlet Whiteboard, behind one operation's posture. */
    record Servlets(String path, Handler handler, InFlight inFlight) implements Mount {}
}
