// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser and the matcher against the specification's own words, written down a second time. */
class GrammarTest {
    private static final String TOKEN = "[a-z_][a-z0-9_]*";
    private static final String NUMBER = "(?:0|[1-9][0-9]*)";
    private static final String NAMES = "(?!gts\\.)" + TOKEN + "(?:\\." + TOKEN + "){3}";
    private static final String SEGMENT = NAMES + "\\.v" + NUMBER + "(?:\\." + NUMBER + ")?";
    private static final String HEX = "[0-9a-f]";
    private static final String UUID_TEXT = HEX + "{8}(?:-" + HEX + "{4}){3}-" + HEX + "{12}";
    private static final Pattern ID = Pattern.compile("gts\\." + SEGMENT + "(?:(?:~" + SEGMENT + ")*~|(?:~" + SEGMENT
            + ")+|(?:~" + SEGMENT + ")*~" + UUID_TEXT + ")");
    private static final Pattern WILDCARD = Pattern.compile("gts\\.(?:" + SEGMENT + "~)*(?:(?:(?!gts\\.)" + TOKEN
            + "\\.(?:" + TOKEN + "\\.){0,3})?|" + NAMES + "\\.v" + NUMBER + "\\.)\\*");

    private static boolean parses(String text, boolean pattern) {
        try {
            assertThat(pattern ? GtsPattern.parse(text).toString() : GtsId.parse(text).toString()).isEqualTo(text);
            return true;
        } catch (GtsSyntaxException e) {
            return false;
        }
    }

    @Test
    void takesExactlyWhatTheGrammarAllows() {
        RandomIds ids = new RandomIds(11);
        Random random = new Random(12);
        String odd = "~.*v01-_agAZ@ ";
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder mutant = new StringBuilder(random.nextBoolean() ? ids.pattern(3) : ids.id(3));
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(mutant.length());
                char c = odd.charAt(random.nextInt(odd.length()));
                switch (random.nextInt(4)) {
                    case 0 -> mutant.setCharAt(at, c);
                    case 1 -> mutant.insert(at, c);
                    case 2 -> mutant.deleteCharAt(at);
                    default -> mutant.append(c);
                }
            }
            String text = mutant.toString();
            boolean id = ID.matcher(text).matches();
            assertThat(parses(text, false)).as(text).isEqualTo(id);
            assertThat(parses(text, true)).as(text).isEqualTo(id || WILDCARD.matcher(text).matches());
            taken += id ? 1 : 0;
        }
        assertThat(taken).as("the mutants are no nonsense only").isBetween(10_000, 90_000);
    }

    @Test
    void matchesAsTheSpecificationSays() {
        RandomIds random = new RandomIds(13);
        List<GtsPattern> patterns =
                java.util.stream.Stream.generate(() -> GtsPattern.parse(random.pattern(3))).limit(600).toList();
        List<GtsId> universe = RandomIds.universe();
        int hits = 0;
        for (GtsPattern pattern : patterns) {
            Pattern meaning = meaning(pattern.toString());
            for (GtsId id : universe) {
                boolean expected = meaning.matcher(id.toString()).matches();
                if (pattern.matches(id) != expected) {
                    assertThat(pattern.matches(id)).as("%s matches %s", pattern, id).isEqualTo(expected);
                }
                hits += expected ? 1 : 0;
            }
        }
        assertThat(hits).isPositive();
    }

    /** By the text: a given prefix, then for each version without minor any minor, then whatever is below. */
    private static Pattern meaning(String pattern) {
        String body = pattern.substring("gts.".length());
        boolean star = body.endsWith("*");
        String given = star ? body.substring(0, body.length() - 1) : body;
        String[] segments = given.split("(?<=~)", -1);
        StringBuilder regex = new StringBuilder("gts\\.");
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            if (segment.isEmpty()) {
                continue;
            }
            boolean open = star && last;
            Matcher major = Pattern.compile("(.*\\.v[0-9]+)(\\.?)(~?)").matcher(segment);
            if (segment.matches(UUID_TEXT)) {
                regex.append(Pattern.quote(segment));
            } else if (major.matches() && (open || major.group(2).isEmpty())) {
                regex.append(Pattern.quote(major.group(1))).append("(?:\\.[0-9]+)?");
                // an open segment says nothing of what it ends with
                regex.append(open ? "(?![0-9])" : Pattern.quote(major.group(3)));
            } else {
                regex.append(Pattern.quote(segment));
            }
        }
        boolean below = given.endsWith("~") || given.isEmpty();
        if (star) {
            regex.append(below ? ".+" : ".*");
        } else if (given.endsWith("~")) {
            regex.append(".*");
        } else if (!given.matches(".*" + UUID_TEXT)) {
            regex.append("(?![0-9.~])");
        }
        return Pattern.compile(regex.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "gts._._._._.v0~, a36ca221-0450-5669-93d1-6a85ae23d79d",
        "gts.x.core.events.event.v1~abc.app._.custom.v1.2~, 7f551f45-07d6-585b-8fd0-a6549c5f80ec",
        "gts.x.core.events.event.v1~abc.app._.custom.v1.2~x.y._.first.v1, 4ed0d01f-ba7d-5b1b-9232-fec8bac1b81b",
        "gts.x.core.events.event.v1~7a1d2f34-5678-49ab-9012-abcdef123456, c4a03670-658d-5d58-9bf2-65d88b70ec73",
    })
    void hashesTheWholeIdOfAChainAndOfAnAnonymousInstance(String id, UUID uuid) {
        assertThat(GtsId.parse(id).uuid()).isEqualTo(uuid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // as long as a UUID, but none
                "gts.a.b.c.d.v1~aaaaaaaaaaaaaaaaaaaaaaaaaa.b.c.d.v1~",
                "gts.a.b.c.d.v1~abcdef01.aaaa.aaaa.aaaaaaaaaaaa.v10",
                // a UUID of any version or none
                "gts.a.b.c.d.v1~00000000-0000-0000-0000-000000000000",
                "gts.a.b.c.d.v1~ffffffff-ffff-ffff-ffff-ffffffffffff",
                // later tokens may be called like the prefix
                "gts.a.gts.gts.gts.v1~",
            })
    void takesWhatOnlyLooksOdd(String text) {
        assertThat(GtsId.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gts.*", "gts.a.b.c.d.v1~*", "gts.a.b.c.d.v1.*"})
    void refusesPatternsAsIdsAndUris(String text) {
        assertThatThrownBy(() -> GtsId.parse(text)).isInstanceOf(GtsSyntaxException.class);
        assertThatThrownBy(() -> GtsId.parseUri("gts://" + text)).isInstanceOf(GtsSyntaxException.class);
    }

    @Test
    void limitsTheLengthOfPatternsToo() {
        String deep = java.util.stream.Stream.generate(() -> "a.b.c.d.v1~").limit(92).collect(Collectors.joining());
        String longest = "gts." + deep + "abc.def.*".substring(1);
        assertThat(GtsPattern.parse(longest).toString()).hasSize(1024);
        assertThatThrownBy(() -> GtsPattern.parse("gts." + deep + "abc.def.*"))
                .isInstanceOf(GtsSyntaxException.class)
                .hasMessageContaining("1024");
        GtsId chain = GtsId.parse("gts." + deep);
        assertThat(chain.segments()).hasSize(92);
        assertThat(chain.ancestors()).hasSize(91);
        assertThat(chain.ancestors()).allMatch(type -> GtsPattern.of(type).matches(chain));
    }
}
