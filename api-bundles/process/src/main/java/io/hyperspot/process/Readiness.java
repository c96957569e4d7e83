// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

/** How a command shows that it can serve. */
public sealed interface Readiness {
    /** It is ready as soon as it runs. */
    record Running() implements Readiness {}

    /** It writes a line that contains the text, to either output. */
    record Output(String text) implements Readiness {}

    /** It accepts connections at this port of the loopback address. */
    record Port(int port) implements Readiness {
        public Port {
            check(port);
        }
    }

    /** It answers GET with a status of 2xx at this port of the loopback address. */
    record Http(int port, String path) implements Readiness {
        public Http {
            check(port);
            if (!path.matches("/[!-~]*")) {
                throw new IllegalArgumentException("a path begins with / and has no blanks; got '" + path + "'");
            }
        }
    }

    private static void check(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535; got " + port);
        }
    }
}
