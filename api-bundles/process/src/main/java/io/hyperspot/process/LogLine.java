// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.time.Instant;

/**
 * A line that a process has written.
 *
 * @param time when it was read
 * @param text without its end, cut after 2000 characters
 */
public record LogLine(Instant time, Stream stream, String text) {
    /** Where it was written to. */
    public enum Stream {
        OUTPUT,
        ERROR
    }
}
