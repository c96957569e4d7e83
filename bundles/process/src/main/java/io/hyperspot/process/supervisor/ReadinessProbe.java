// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Looks whether a process is ready, at the loopback address only. */
final class ReadinessProbe {
    private static final int TIMEOUT_MS = 1_000;
    private static final int STATUS_LINE = 64;

    private ReadinessProbe() {}

    /** Waits for a second at most. */
    static boolean answers(Readiness readiness) {
        return switch (readiness) {
            case Readiness.Running() -> true;
            // told by the line
            case Readiness.Output(String _) -> false;
            case Readiness.Port(int port) -> ask(port, "").isEmpty();
            case Readiness.Http(int port, String path) ->
                ask(port, "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n")
                        .matches("HTTP/1\\.[01] 2[0-9][0-9].*");
        };
    }

    /** The first line of the answer; empty when nothing is asked; a dash when nobody answers. */
    private static String ask(int port, String request) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            if (request.isEmpty()) {
                return "";
            }
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] line = new Lines(socket.getInputStream(), STATUS_LINE, Lines.Overlong.CUT).next();
            return line == null ? "-" : new String(line, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "-";
        }
    }
}
