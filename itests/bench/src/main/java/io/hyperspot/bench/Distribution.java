// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.util.Arrays;
import java.util.Locale;

/** How long something took, many times. */
final class Distribution {
    private static final int BARS = 24;
    private static final String LEVELS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

    private final long[] sorted;

    private Distribution(long[] sorted) {
        this.sorted = sorted;
    }

    static Distribution of(long... nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Distribution(sorted);
    }

    /** The nearest rank, in milliseconds. */
    private double percentile(double part) {
        return sorted[Math.clamp((int) Math.ceil(part * sorted.length) - 1, 0, sorted.length - 1)] / 1e6;
    }

    @Override
    public String toString() {
        if (sorted.length == 0) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "n=%d min=%.1f p50=%.1f p90=%.1f p95=%.1f p99=%.1f max=%.1f ms",
                sorted.length,
                percentile(0),
                percentile(0.5),
                percentile(0.9),
                percentile(0.95),
                percentile(0.99),
                percentile(1));
    }

    /** A bar for each of the equal steps from the shortest to the longest; none for an empty one. */
    String histogram() {
        if (sorted.length == 0) {
            return "";
        }
        int[] counts = new int[BARS];
        double step = Math.max(1, (sorted[sorted.length - 1] - sorted[0]) / (double) BARS);
        int most = 0;
        for (long nanos : sorted) {
            int bar = Math.min(BARS - 1, (int) ((nanos - sorted[0]) / step));
            most = Math.max(most, ++counts[bar]);
        }
        StringBuilder line = new StringBuilder();
        for (int count : counts) {
            line.append(count == 0 ? ' ' : LEVELS.charAt((count * LEVELS.length() - 1) / most));
        }
        return String.format(Locale.ROOT, "%.1f |%s| %.1f ms", percentile(0), line, percentile(1));
    }
}
