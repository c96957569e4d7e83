// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GtsPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gts.*",
                "gts.x.*",
                "gts.x.core.events.*",
                "gts.x.core.events.event.*",
                "gts.x.core.events.event.v1.*",
                "gts.x.core.events.event.v1~*",
                "gts.x.core.events.event.v1.1~abc.*",
                "gts.x.core.events.event.v1~abc.app._.custom.v1",
                "gts.x.core.events.event.v1~7a1d2f34-5678-49ab-9012-abcdef123456",
            })
    void acceptsIdsAndOneTrailingStar(String text) {
        assertThat(GtsPattern.parse(text)).hasToString(text).isEqualTo(GtsPattern.parse(text));
        assertThat(GtsPattern.parse(text).isWildcard()).isEqualTo(text.endsWith("*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "gts*",
                "gts.x*",
                "gts.*.core.events.event.v1~",
                "gts.x.core.*.event.v1~",
                "gts.x.core.events.msg*",
                "gts.x.core.events.event.v*",
                "gts.x.core.events.event.v1*",
                "gts.x.core.events.event.v1.2.*",
                "gts.x.core.events.event.v1.1*",
                "gts.x.core.events.event.v1~a*",
                "gts.x.core.events.event.v1~*~",
                "gts.x.core.events.event.v1~**",
                "gts.x.core.events.event.v1~*@a",
                "gts.x.core.events.event.v1~*[a=b]",
            })
    void refusesStarsElsewhere(String text) {
        assertThatThrownBy(() -> GtsPattern.parse(text)).isInstanceOf(GtsSyntaxException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1~, true",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1.5~, true",
        "gts.a.b.c.d.v1.5~, gts.a.b.c.d.v1~, false",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v2~, false",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1~e.f.g.h.v1~, true",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1~e.f.g.h.v1, true",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1~7a1d2f34-5678-49ab-9012-abcdef123456, true",
        "gts.a.b.c.d.v1~e.f.g.h.v1, gts.a.b.c.d.v1~e.f.g.h.v1~, false",
        "gts.a.b.c.d.v1~e.f.g.h.v1, gts.a.b.c.d.v1~e.f.g.h.v1.4, true",
        "gts.a.b.c.d.v1~e.f.g.h.v1, gts.a.b.c.d.v1~, false",
        "gts.a.b.c.d.v1~*, gts.a.b.c.d.v1~, false",
        "gts.a.b.c.d.v1~*, gts.a.b.c.d.v1~e.f.g.h.v1, true",
        "gts.a.b.c.d.v1~*, gts.a.b.c.d.v1.0~e.f.g.h.v1, true",
        "gts.a.b.c.d.v1.1~*, gts.a.b.c.d.v1~e.f.g.h.v1, false",
        "gts.a.b.c.d.v1~*, gts.a.b.c.d.v1~7a1d2f34-5678-49ab-9012-abcdef123456, true",
        "gts.a.b.c.d.v1~e.*, gts.a.b.c.d.v1~7a1d2f34-5678-49ab-9012-abcdef123456, false",
        "gts.a.b.c.d.v0.*, gts.a.b.c.d.v1.1~, false",
        "gts.a.b.c.d.v0.*, gts.a.b.c.d.v0~, true",
        "gts.a.b.c.d.*, gts.a.b.c.d.v7~, true",
        "gts.a.b.*, gts.a.bb.c.d.v7~, false",
        "gts.*, gts.a.b.c.d.v7~, true",
    })
    void matchesSegmentBySegment(String pattern, String id, boolean expected) {
        assertThat(GtsPattern.parse(pattern).matches(GtsId.parse(id))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "gts.*, gts.*, true",
        "gts.*, gts.a.b.c.d.v1~*, true",
        "gts.*, gts.a.b.c.d.v1~7a1d2f34-5678-49ab-9012-abcdef123456, true",
        "gts.a.*, gts.*, false",
        "gts.a.*, gts.a.b.*, true",
        "gts.a.b.*, gts.a.*, false",
        "gts.a.b.c.d.v1~*, gts.a.b.c.d.v1.0~e.f.*, true",
        "gts.a.b.c.d.v1~*, gts.a.b.c.d.v1~, false",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1~*, true",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1.*, true",
        "gts.a.b.c.d.v1.*, gts.a.b.c.d.v1~, true",
        "gts.a.b.c.d.v1.2~, gts.a.b.c.d.v1.*, false",
        "gts.a.b.c.d.v1~e.f.g.h.v1~, gts.a.b.c.d.v1~e.f.g.h.v1.*, false",
        "gts.a.b.c.d.v1~e.f.g.h.v1.*, gts.a.b.c.d.v1~e.f.g.h.v1~, true",
    })
    void coversWhatIsInside(String wide, String narrow, boolean expected) {
        assertThat(GtsPattern.parse(wide).covers(GtsPattern.parse(narrow))).isEqualTo(expected);
    }

    @Test
    void coversIsInclusionOfTheMatchedSets() {
        List<GtsId> universe = RandomIds.universe();
        List<GtsPattern> patterns = patterns(4, 400);
        patterns.removeIf(pattern -> universe.stream().noneMatch(pattern::matches));
        List<BitSet> sets = new ArrayList<>();
        for (GtsPattern pattern : patterns) {
            BitSet set = new BitSet();
            for (int i = 0; i < universe.size(); i++) {
                set.set(i, pattern.matches(universe.get(i)));
            }
            sets.add(set);
        }
        for (int p = 0; p < patterns.size(); p++) {
            for (int q = 0; q < patterns.size(); q++) {
                BitSet outside = (BitSet) sets.get(q).clone();
                outside.andNot(sets.get(p));
                if (patterns.get(p).covers(patterns.get(q)) != outside.isEmpty()) {
                    assertThat(outside.isEmpty())
                            .as("%s covers %s", patterns.get(p), patterns.get(q))
                            .isEqualTo(patterns.get(p).covers(patterns.get(q)));
                }
            }
        }
    }

    @Test
    void coversIsReflexiveAndTransitive() {
        List<GtsPattern> patterns = patterns(5, 120);
        patterns.add(GtsPattern.parse("gts.*"));
        for (GtsPattern a : patterns) {
            assertThat(a.covers(a)).as("%s", a).isTrue();
            for (GtsPattern b : patterns) {
                if (!a.covers(b)) {
                    continue;
                }
                for (GtsPattern c : patterns) {
                    if (b.covers(c)) {
                        assertThat(a.covers(c)).as("%s > %s > %s", a, b, c).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void patternsThatCoverEachOtherMatchTheSame() {
        List<GtsId> universe = RandomIds.universe();
        List<GtsPattern> patterns = patterns(6, 300);
        for (GtsPattern a : patterns) {
            for (GtsPattern b : patterns) {
                if (!a.equals(b) && a.covers(b) && b.covers(a)) {
                    assertThat(universe).allMatch(id -> a.matches(id) == b.matches(id));
                }
            }
        }
    }

    @Test
    void anIdAsAPatternIsCoveredExactlyWhenTheIdMatches() {
        List<GtsPattern> patterns = patterns(7, 300);
        RandomIds random = new RandomIds(8);
        for (int i = 0; i < 300; i++) {
            GtsId id = GtsId.parse(random.id(3));
            for (GtsPattern pattern : patterns) {
                assertThat(pattern.covers(GtsPattern.of(id))).isEqualTo(pattern.matches(id));
            }
        }
    }

    private static List<GtsPattern> patterns(long seed, int count) {
        RandomIds random = new RandomIds(seed);
        List<GtsPattern> patterns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            patterns.add(GtsPattern.parse(random.pattern(2)));
        }
        return patterns;
    }
}
