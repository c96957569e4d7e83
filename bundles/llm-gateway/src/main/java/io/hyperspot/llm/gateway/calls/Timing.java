// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import java.time.Duration;

/**
 * How long a call of a model may take.
 *
 * @param total until the last byte of the answer
 * @param heartbeat after this long without a token a stream sends a comment; zero: never
 * @param idle longest wait for the next token of a stream; zero: no limit
 */
public record Timing(Duration total, Duration heartbeat, Duration idle) {}
