// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.providers;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The ways in which a stream that has begun goes wrong on command. */
final class Failures {
    private static final int HUGE = 32 << 20;

    static final Set<String> NAMES = Set.of("endless", "stall", "drop", "reset", "cut", "huge", "midway");

    private Failures() {}

    /** A piece of a stream. */
    @FunctionalInterface
    interface Piece {
        void send() throws Exception;
    }

    /**
     * @param how one of {@link #NAMES}
     * @param more a piece that can be sent again and again
     * @param error an error as the protocol has it within streams
     */
    static void run(ProviderServer.Call call, String how, Piece more, Piece error) throws Exception {
        switch (how) {
            case "endless" -> {
                while (true) {
                    more.send();
                }
            }
            case "stall" -> call.awaitClose();
            // what was sent arrives; after a reset it may be lost
            case "drop" -> call.close();
            case "reset" -> call.reset();
            case "cut" -> {
                call.chunk(new byte[] {'d', 'a', 't', 'a', ':', ' ', '"', (byte) 0xc3});
                call.endStream();
            }
            case "huge" -> {
                byte[] part = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
                call.chunk("data: ");
                for (int sent = 0; sent < HUGE; sent += part.length) {
                    call.chunk(part);
                }
                call.endStream();
            }
            default -> {
                error.send();
                call.endStream();
            }
        }
    }
}
