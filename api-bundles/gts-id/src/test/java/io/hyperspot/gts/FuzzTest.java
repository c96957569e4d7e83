// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text, a parser answers with what prints back the same or with a syntax error inside the text.
 * Runs for a second, or for {@code -Dfuzz.seconds}; a failure names its seed, which {@code -Dfuzz.seed} repeats.
 */
class FuzzTest {
    private static final String ODD = "~~..**vv01279-__agtsAZ@@[[]]==,,\"\\ \t\u0000é\uD83D\u0663/:{}";
    private static final List<String> SEEDS = List.of(
            "gts.acme.shop.orders.order.v1~acme.shop.orders.first.v1@payload.items[0].name",
            "gts.acme.shop.orders.order.v1~[status=open, customer.name=\"Ada \\\"L\\\"\", note=*]",
            "gts://gts.a.b.c.d.v1~7a1d2f34-5678-49ab-9012-abcdef123456",
            "gts.a.b.c.d.v2147483647.2147483648~e.f.g.h.v1.*",
            "payload.items[0][2147483647].a");

    @Test
    void neverThrowsAnythingElse() {
        long first = Long.getLong("fuzz.seed", 20);
        long end = System.nanoTime() + Integer.getInteger("fuzz.seconds", 1) * 1_000_000_000L;
        for (long seed = first; seed == first || (System.nanoTime() < end && Long.getLong("fuzz.seed") == null); seed++) {
            Random random = new Random(seed);
            RandomIds ids = new RandomIds(seed);
            for (int i = 0; i < 200; i++) {
                String text = text(random, ids);
                check(seed, text, GtsId::parse, true);
                check(seed, text, GtsId::parseUri, false);
                check(seed, text, GtsPattern::parse, true);
                check(seed, text, GtsPath::parse, true);
                check(seed, text, GtsSelector::parse, true);
                // A query has several spellings; the printed one is fixed.
                check(seed, text, GtsQuery::parse, false);
            }
        }
    }

    private static String text(Random random, RandomIds ids) {
        StringBuilder text = new StringBuilder(
                switch (random.nextInt(4)) {
                    case 0 -> ids.id(4);
                    case 1 -> ids.pattern(4);
                    case 2 -> SEEDS.get(random.nextInt(SEEDS.size()));
                    default -> "";
                });
        for (int changes = random.nextInt(12); changes > 0; changes--) {
            char c = random.nextInt(8) == 0 ? (char) random.nextInt(0x10000) : ODD.charAt(random.nextInt(ODD.length()));
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(5)) {
                case 0, 1 -> text.insert(at, c);
                case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
                case 3 -> text.insert(at, text.substring(random.nextInt(at + 1), at));
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    private static <T> void check(long seed, String text, Function<String, T> parser, boolean printsTheSame) {
        try {
            T parsed = parser.apply(text);
            String printed = parsed.toString();
            if (printsTheSame && !printed.equals(text)) {
                fail("seed %d: '%s' became '%s'", seed, text, printed);
            }
            if (!(parsed instanceof GtsId)) {
                assertThat(parser.apply(printed)).as("seed %d: '%s'", seed, text).isEqualTo(parsed);
            }
        } catch (GtsSyntaxException e) {
            assertThat(e.position()).as("seed %d: '%s': %s", seed, text, e).isBetween(0, text.length());
            assertThat(e.expected()).isNotBlank();
        } catch (RuntimeException e) {
            fail("seed %d: '%s'".formatted(seed, text), e);
        }
    }

    @Test
    void takesLinearTimeForLongTexts() {
        // Quadratic work on these would be seen: 10^12 steps.
        for (String part : List.of("~", "gts.", "a.", "[0]", "a=b,", "\\\"", "a.b.c.d.v1~", "9", "[", "@")) {
            String text = "gts.a.b.c.d.v1~[x=" + part.repeat(1_000_000 / part.length());
            for (Function<String, ?> parser : List.<Function<String, ?>>of(
                    GtsId::parse, GtsPattern::parse, GtsPath::parse, GtsSelector::parse, GtsQuery::parse)) {
                try {
                    assertThat(parser.apply(text).toString()).isNotEmpty();
                } catch (GtsSyntaxException e) {
                    assertThat(e.getMessage()).hasSizeLessThan(500);
                }
            }
        }
    }
}
