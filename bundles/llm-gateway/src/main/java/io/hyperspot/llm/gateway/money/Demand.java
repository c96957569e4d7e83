// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

/**
 * What a call asks for at most.
 *
 * @param inputBytes of its text: no tokenizer makes more tokens of it than it has bytes
 * @param maxOutput the most output tokens of an answer, as the call limits them; 0: it does not
 * @param answers how many it asks for; at least 1
 */
public record Demand(long inputBytes, long maxOutput, int answers) {
    /** Of text, about. */
    private static final int BYTES_A_TOKEN = 4;

    /** How many tokens so many bytes of text are, about. */
    public static long likelyTokens(long bytes) {
        return bytes / BYTES_A_TOKEN;
    }

    /** The most output tokens of all answers together. */
    long output(long usual) {
        return Math.multiplyExact(maxOutput > 0 ? maxOutput : usual, (long) answers);
    }
}
