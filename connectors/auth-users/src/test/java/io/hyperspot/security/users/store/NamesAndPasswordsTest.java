// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people may call themselves, and what is no password. */
class NamesAndPasswordsTest {
    private final PasswordRules rules = new PasswordRules();

    @ParameterizedTest
    @ValueSource(strings = {"anna", "anna.müller@example.com", "Łukasz", "иван", "Σωκράτης", "田中さん", "김철수", "مريم", "a", "x_1-2+3"})
    void takesNamesOfAllScripts(String name) {
        assertThat(LoginName.of(name)).isPresent();
    }

    /** Unicode Technical Standard 39, and what breaks lines, logs and lists. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a b", "a\nb", "a\u0000b", "an\u202ena", "an\u200bna", "an\u00adna", "\u2066anna", "аnna", "annа", "раураl", "αβ",
                "а", "сosta", "anna\uD800", "😀", "@anna", ".anna", "a/b", "a:b", "a'b", "a\"b", "a;b", "a%b", "a*b", "a(b", "a\\b",
                "annα", "١٢٣", "a١", "\u0301anna", "a\tb", "a\u3000b"
            })
    void refusesNamesThatCanBeTakenForOthers(String name) {
        assertThat(LoginName.of(name)).isEmpty();
    }

    @Test
    void takesNamesOfALimitedLength() {
        assertThat(LoginName.of("a".repeat(64))).isPresent();
        assertThat(LoginName.of("a".repeat(65))).isEmpty();
        assertThat(LoginName.of("ﷺ".repeat(10))).isEmpty();
        assertThat(LoginName.of("a" + "\u0301".repeat(1_000_000))).isEmpty();
        assertThat(LoginName.countedAs("x".repeat(1_000_000))).hasSize(64);
    }

    @Test
    void comparesNamesWithoutRegardToCaseAndForm() {
        assertThat(LoginName.of("STRASSE").orElseThrow().key()).isEqualTo(LoginName.of("straße").orElseThrow().key());
        assertThat(LoginName.of("ﬁnn").orElseThrow().key()).isEqualTo(LoginName.of("finn").orElseThrow().key());
        assertThat(LoginName.of("Ａｎｎａ").orElseThrow().key()).isEqualTo("anna");
        // not as one country writes it
        assertThat(LoginName.of("TITI").orElseThrow().key()).isEqualTo("titi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery", "Tr0ub4dor&3 staple", "пароли бывают разные", "zwölf boxkämpfer", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧", "xK9#mQ2$vL5@", "739182650481", "anna likes walks"
            })
    void takesLongPasswordsOfAnyCharacters(String password) {
        assertThat(rules.wrong(password.toCharArray(), "anna")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "short", "elevenchars", "aaaaaaaaaaaaaaa", "abababababab", "password1234", "Password123!", "PASSWORDPASSWORD", "qwertyuiop12",
                "123456789012", "987654321098", "anna12345678", "Anna.Anna.2026", "AdminAdmin2026!", "Welcome2026!!", "iloveyou1234",
                "correcthorsebatterystaple", "letmein-letmein", "with\ncontrol characters", "with\u0000zero characters", "half \uD800 a surrogate"
            })
    void refusesWhatIsTriedFirst(String password) {
        assertThat(rules.wrong(password.toCharArray(), "anna")).isNotNull();
    }

    @Test
    void takesPasswordsOfALimitedLength() {
        String part = "abcdefgh zyx vut ";
        assertThat(rules.wrong(part.repeat(8).substring(0, 128).toCharArray(), "x")).isNull();
        assertThat(rules.wrong(part.repeat(8).substring(0, 129).toCharArray(), "x")).isNotNull();
    }

    /** Of OWASP's Password Storage Cheat Sheet. */
    @Test
    void hashesWithSaltAndParameters() {
        PasswordHashes hashes = new PasswordHashes(19_456, 2, 1, new SecureRandom());
        String hash = hashes.hash("grüße an alle".toCharArray());
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hashes.hash("grüße an alle".toCharArray())).isNotEqualTo(hash);
        assertThat(hashes.check("gru\u0308ße an alle".toCharArray(), hash)).isTrue();
        assertThat(hashes.check("grusse an alle".toCharArray(), hash)).isFalse();
        assertThat(hashes.check("grüße an alle".toCharArray(), null)).isFalse();
        assertThat(hashes.isOutdated(hash)).isFalse();
        assertThat(hashes.isOutdated(hash.replace("t=2", "t=1"))).isTrue();
    }
}
