// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

/**
 * What a call used, in tokens. The parts of a sum are never more than the sum.
 *
 * @param input all input tokens: those read from the provider's cache and those written to it included
 * @param cachedInput those of them that the provider had cached
 * @param output all output tokens, reasoning included
 * @param reasoning those of them spent on reasoning
 * @param cacheWrite those of the input that were written to a cache of the provider's usual, short life
 * @param cacheWriteHour those of the input that were written to a cache that lives an hour
 * @param audioInput those of the input that are audio
 * @param audioOutput those of the output that are audio
 */
public record Usage(
        long input,
        long cachedInput,
        long output,
        long reasoning,
        long cacheWrite,
        long cacheWriteHour,
        long audioInput,
        long audioOutput) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /** Of text, without writing to a cache. */
    public Usage(long input, long cachedInput, long output, long reasoning) {
        this(input, cachedInput, output, reasoning, 0, 0, 0, 0);
    }
}
