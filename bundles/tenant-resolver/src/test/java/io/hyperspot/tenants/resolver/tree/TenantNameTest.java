// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.modkit.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"Acme", "Acme (EMEA) #2", "Müller & Söhne", "Газпром", "東京エレクトロン Tokyo", "삼성 SDI", "شركة", "नमस्ते", "O'Brien", "7"})
    void takesNamesOfOneScriptOrOfThoseWrittenTogether(String name) {
        assertThat(TenantName.check(name)).isEqualTo(name);
    }

    @Test
    void normalizesAndStrips() {
        assertThat(TenantName.check("  Mu\u0308ller ")).isEqualTo("M\u00fcller");
        assertThat(TenantName.key("STRASSE")).isEqualTo(TenantName.key("stra\u00dfe"));
        assertThat(TenantName.key("\uff21cme")).isEqualTo(TenantName.key("acme"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1 to 100",
        "'   ', 1 to 100",
        "'A\u0441me', cyrillic and latin",
        "'\u0391cme', greek and latin",
        "'Acme \u041e\u041e\u041e', cyrillic and latin",
        "'a\u202eb', U+202E",
        "'a\u2066b', U+2066",
        "'a\u200bb', U+200B",
        "'a\u200db', U+200D",
        "'a\u0000b', U+0000",
        "'a\u0009b', U+0009",
        "'a\u0085b', U+0085",
        "'a\u2028b', U+2028",
        "'a\u00a0b', U+00A0",
        "'a\u3164b', U+3164",
        "'a\ue000b', U+E000",
        "'e\u0316\u0317\u0318\u0319', marks",
    })
    void refusesWhatPeopleCannotTellApart(String name, String why) {
        assertThatThrownBy(() -> TenantName.check(name)).isInstanceOf(ProblemException.class).hasMessageContaining(why);
    }

    @Test
    void boundsTheLength() {
        assertThat(TenantName.check("\ud83d\ude80".repeat(100))).hasSize(200);
        assertThatThrownBy(() -> TenantName.check("a".repeat(101))).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> TenantName.check("a".repeat(10_000_000))).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> TenantName.check("a\ud83d")).hasMessageContaining("U+D83D");
    }
}
