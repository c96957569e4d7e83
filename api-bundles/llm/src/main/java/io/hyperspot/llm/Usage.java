// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

/**
 * What a call used, in tokens.
 *
 * @param input all input tokens, cached ones included
 * @param cachedInput those of them that the provider had cached
 * @param output all output tokens, reasoning included
 * @param reasoning those of them spent on reasoning
 */
public record Usage(long input, long cachedInput, long output, long reasoning) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);
}
