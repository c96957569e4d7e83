// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GtsIdTest {
    private static final String BASE = "gts.x.core.events.event.v1~";
    private static final String UUID_TEXT = "7a1d2f34-5678-49ab-9012-abcdef123456";

    @ParameterizedTest
    @ValueSource(
            strings = {
                BASE,
                "gts._._._._.v1~",
                "gts.x.core.events.event.v0~",
                "gts.x.core.events.event.v999999.999999~",
                "gts.x.core.events.event.v2147483647.0~",
                "gts.x1.a_b._c.d9.v1.2~",
                BASE + "abc.app._.custom.v1.2~",
                BASE + "abc.app._.custom.v1.2",
                BASE + "abc.app._.custom.v1~x.y.z.w.v3",
                BASE + UUID_TEXT,
                BASE + "abc.app._.custom.v1~" + UUID_TEXT,
                BASE + "abcdef01.app._.custom.v1~",
                BASE + "x.gts.a.b.v1~",
            })
    void acceptsWellFormedIds(String text) {
        GtsId id = GtsId.parse(text);

        assertThat(id).hasToString(text).isEqualTo(GtsId.parse(text));
        assertThat(id.isType()).isEqualTo(text.endsWith("~"));
        assertThat(GtsId.parseUri(id.uri())).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "gts, 0",
        "Gts.x.core.events.event.v1~, 0",
        "' gts.x.core.events.event.v1~', 0",
        "gts://gts.x.core.events.event.v1~, 0",
        "gts., 4",
        "gts.x.core.events.event.v1, 26",
        "gts.x.core.events.v1~, 20",
        "gts.x.core.events.event.extra.v1~, 24",
        "gts.x..events.event.v1~, 6",
        "gts.x.co-re.events.event.v1~, 8",
        "gts.x.Core.events.event.v1~, 6",
        "gts.x.1core.events.event.v1~, 6",
        "gts.x.core.events.event~, 23",
        "gts.x.core.events.event.1~, 24",
        "gts.x.core.events.event.V1~, 24",
        "gts.x.core.events.event.v~, 25",
        "gts.x.core.events.event.v-1~, 25",
        "gts.x.core.events.event.v01~, 25",
        "gts.x.core.events.event.v1.02~, 27",
        "gts.x.core.events.event.v1.~, 27",
        "gts.x.core.events.event.v1.2.3~, 28",
        "gts.x.core.events.event.v2147483648~, 25",
        "gts.x.core.events.event.v99999999999999999999999999~, 25",
        "gts.x.core.events.event.v1~~, 27",
        "'gts.x.core.events.event.v1~ ', 27",
        "gts.x.core.events.event.v1~gts.a.b.c.v1~, 27",
        "gts.x.core.events.event.v1~a.b.c.d.v1.2.3, 39",
        "gts.x.core.events.event.v1~7a1d2f34, 27",
        "gts.x.core.events.event.v1~7A1d2f34-5678-49ab-9012-abcdef123456, 28",
        "gts.x.core.events.event.v1~7a1d2f34-5678-49ab-9012+abcdef123456, 50",
        "gts.x.core.events.event.v1~7a1d2f34-5678-49ab-9012-abcdef123456~, 27",
        "gts.7a1d2f34-5678-49ab-9012-abcdef123456, 4",
        "gts.x.core.events.*, 18",
        "gts.x.core.events.event.v1~*, 27",
        "gts.x.core.events.event.v1~@a, 27",
        "gts.x.core.events.evént.v1~, 20",
    })
    void refusesMalformedIdsAndSaysWhere(String text, int position) {
        GtsSyntaxException e = catchThrowableOfType(GtsSyntaxException.class, () -> GtsId.parse(text));

        assertThat(e).as(text).isNotNull();
        assertThat(e.position()).isEqualTo(position);
        assertThat(e.expected()).isNotBlank();
        assertThat(e).hasMessageContaining("position " + position).hasMessageContaining(e.expected());
    }

    @Test
    void limitsTheLength() {
        String longest = "gts." + "a".repeat(1024 - 4 - "p.n.t.v1~".length() - 1) + ".p.n.t.v1~";

        assertThat(GtsId.parse(longest).toString()).hasSize(1024);
        GtsSyntaxException e =
                catchThrowableOfType(GtsSyntaxException.class, () -> GtsId.parse(longest + "a.b.c.d.v1"));
        assertThat(e.position()).isEqualTo(1024);
        assertThat(e.getMessage()).hasSizeLessThan(400);
    }

    @Test
    void readsSegments() {
        GtsId id = GtsId.parse(BASE + "abc.app._.custom.v1.2");

        assertThat(id.segments())
                .containsExactly(
                        new GtsSegment("x", "core", "events", "event", 1, GtsSegment.NO_MINOR, true),
                        new GtsSegment("abc", "app", "_", "custom", 1, 2, false));
        assertThat(id.segments()).extracting(GtsSegment::toString).containsExactly(
                "x.core.events.event.v1~", "abc.app._.custom.v1.2");
    }

    @Test
    void knowsAncestorsAndTypeOfTypesAndInstances() {
        GtsId base = GtsId.parse(BASE);
        GtsId derived = GtsId.parse(BASE + "abc.app._.custom.v1.2~");
        GtsId instance = GtsId.parse(derived + "x.y._.first.v1");
        GtsId anonymous = GtsId.parse(derived + UUID_TEXT);

        assertThat(base.typeId()).isEmpty();
        assertThat(base.ancestors()).isEmpty();
        assertThat(derived.typeId()).contains(base);
        assertThat(instance.typeId()).contains(derived);
        assertThat(instance.ancestors()).containsExactly(derived, base);
        assertThat(anonymous.typeId()).contains(derived);
        assertThat(anonymous.uuidTail()).contains(UUID.fromString(UUID_TEXT));
        assertThat(anonymous.isType()).isFalse();
        assertThat(anonymous.segments().getLast().vendor()).isEmpty();
        assertThat(derived.ancestors().getFirst().segments()).isEqualTo(base.segments());
    }

    @ParameterizedTest
    @CsvSource({
        "gts.a.b.c.d.v1.3~, gts.a.b.c.d.v1~",
        "gts.a.b.c.d.v1~, gts.a.b.c.d.v1~",
        "gts.a.b.c.d.v1.3~e.f.g.h.v2.7~, gts.a.b.c.d.v1.3~e.f.g.h.v2~",
        "gts.a.b.c.d.v1.3~e.f.g.h.v2.7, gts.a.b.c.d.v1.3~e.f.g.h.v2",
        "gts.a.b.c.d.v1.3~7a1d2f34-5678-49ab-9012-abcdef123456, gts.a.b.c.d.v1.3~7a1d2f34-5678-49ab-9012-abcdef123456",
    })
    void dropsTheMinorVersionOfTheLastSegment(String id, String bare) {
        assertThat(GtsId.parse(id).withoutMinor()).isEqualTo(GtsId.parse(bare));
        assertThat(GtsId.parse(id).withoutMinor().segments()).isEqualTo(GtsId.parse(bare).segments());
    }

    @ParameterizedTest
    @CsvSource({
        "gts.x.test5.events.type.v1~, de567dcc-10ef-597d-8f82-3c999ed9b979",
        "gts.x.test5.events.type.v1.1~, b9a18e35-890b-586c-81fa-a156b9a26e2b",
    })
    void hasTheUuidsOfTheSpecification(String id, UUID uuid) {
        assertThat(GtsId.parse(id).uuid()).isEqualTo(uuid);
        assertThat(uuid.version()).isEqualTo(5);
    }

    @Test
    void roundTripsRandomIds() {
        RandomIds random = new RandomIds(1);
        for (int i = 0; i < 20_000; i++) {
            String text = random.id(4);
            GtsId id = GtsId.parse(text);
            assertThat(id.toString()).isEqualTo(text);
            StringBuilder again = new StringBuilder("gts.");
            for (GtsSegment segment : id.segments()) {
                again.append(segment.equals(GtsSegment.UUID_TAIL) ? id.uuidTail().orElseThrow() : segment);
            }
            assertThat(again).hasToString(text);
            assertThat(id.ancestors()).allSatisfy(type -> assertThat(text).startsWith(type.toString()));
        }
    }

    @Test
    void neverAnswersBrokenTextWithAnotherException() {
        RandomIds random = new RandomIds(2);
        java.util.Random breakage = new java.util.Random(3);
        String odd = "~.*v0-_AZ9é@[ ";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(random.pattern(3));
            text.setCharAt(breakage.nextInt(text.length()), odd.charAt(breakage.nextInt(odd.length())));
            if (breakage.nextBoolean()) {
                text.setLength(breakage.nextInt(text.length()));
            }
            String broken = text.toString();
            try {
                assertThat(GtsPattern.parse(broken).toString()).isEqualTo(broken);
            } catch (GtsSyntaxException e) {
                assertThat(e.position()).isBetween(0, broken.length());
            }
        }
    }
}
