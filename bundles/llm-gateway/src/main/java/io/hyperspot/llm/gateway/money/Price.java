// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a model costs, in millionths of a millionth of a dollar (1e-12 USD) a token: a price a million tokens
 * with up to six decimals is a whole number of them, so that nothing is rounded before the sum.
 *
 * @param input of a token that none of the others is for
 * @param cachedInput of one that the provider had in its cache
 * @param cacheWrite of one that is written to a cache of the usual, short life
 * @param cacheWriteHour of one that is written to a cache that lives an hour
 * @param output of a token of text, reasoning included
 * @param request of the call itself, in 1e-12 USD
 */
record Price(
        long input,
        long cachedInput,
        long cacheWrite,
        long cacheWriteHour,
        long audioInput,
        long output,
        long audioOutput,
        long request) {
    /** How many decimals a cost has, as that of its usage type. */
    static final int SCALE = 9;

    private static final int PICO = 12;

    /**
     * What a call cost, in USD, rounded once, half even, to {@link #SCALE} decimals.
     *
     * @throws ArithmeticException when it is more than nine million dollars
     */
    BigDecimal of(Usage usage) {
        long plainInput =
                usage.input() - usage.cachedInput() - usage.cacheWrite() - usage.cacheWriteHour() - usage.audioInput();
        long plainOutput = usage.output() - usage.audioOutput();
        long sum = request;
        // a provider that counts its parts twice is not paid for less than nothing
        sum = add(sum, Math.max(0, plainInput), input);
        sum = add(sum, usage.cachedInput(), cachedInput);
        sum = add(sum, usage.cacheWrite(), cacheWrite);
        sum = add(sum, usage.cacheWriteHour(), cacheWriteHour);
        sum = add(sum, usage.audioInput(), audioInput);
        sum = add(sum, Math.max(0, plainOutput), output);
        sum = add(sum, usage.audioOutput(), audioOutput);
        return BigDecimal.valueOf(sum, PICO).setScale(SCALE, RoundingMode.HALF_EVEN);
    }

    /** The most that so many tokens can cost, whatever kinds of tokens they are. */
    BigDecimal most(long inputTokens, long outputTokens) {
        long dearestInput =
                Math.max(Math.max(input, audioInput), Math.max(cachedInput, Math.max(cacheWrite, cacheWriteHour)));
        long sum = add(add(request, inputTokens, dearestInput), outputTokens, Math.max(output, audioOutput));
        return BigDecimal.valueOf(sum, PICO).setScale(SCALE, RoundingMode.UP);
    }

    private static long add(long sum, long tokens, long price) {
        return Math.addExact(sum, Math.multiplyExact(tokens, price));
    }
}
