// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.keys.Envelope.Place;
import io.hyperspot.credstore.keys.Envelope.Sealed;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentKeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ONE = "one:" + "1a".repeat(32);
    private static final String TWO = "two:" + "2b".repeat(32);
    private static final Place PLACE = new Place("tenant", "id", "openai", 1);

    private static EnvironmentKeys keys(String value) throws IOException {
        return EnvironmentKeys.of("KEYS", value, RANDOM);
    }

    @Test
    void saysWhichVariableIsMissing() {
        assertThatThrownBy(() -> EnvironmentKeys.of("KEYS", null, RANDOM))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("KEYS")
                .hasMessageContaining("not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "one:abcdef12", "abcdef12", "One:ff", "one:xyzxyzxy"})
    void refusesWhatIsNoKeyWithoutQuotingIt(String value) {
        assertThatThrownBy(() -> keys(value)).isInstanceOf(IOException.class).hasMessageContaining("holds no keys");
        String oneDigitLess = ONE.substring(0, ONE.length() - 1);
        assertThatThrownBy(() -> keys(TWO + "," + oneDigitLess))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("1a1a")
                .hasMessageNotContaining("2b2b");
    }

    @Test
    void refusesTwoKeysOfOneName() {
        assertThatThrownBy(() -> keys(ONE + "," + ONE)).isInstanceOf(IOException.class).hasMessageContaining("two keys");
    }

    @Test
    void encryptsAgainUnderTheKeyThatAnOperatorAdds() throws Exception {
        Envelope envelope = new Envelope(RANDOM);
        Sealed old = envelope.seal(keys(ONE), PLACE, Secret.of("value"));
        assertThat(old.key().keyId()).isEqualTo("one");
        EnvironmentKeys both = keys(ONE + "," + TWO);
        both.rotate();
        assertThat(both.current()).isEqualTo("two");
        Sealed again = envelope.rewrap(both, PLACE, old);
        assertThat(again.key().keyId()).isEqualTo("two");
        try (Secret value = envelope.open(keys(TWO), PLACE, again)) {
            assertThat(value.text()).isEqualTo("value");
        }
        assertThatThrownBy(() -> envelope.open(keys(TWO), PLACE, old))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE));
    }

    @Test
    void refusesWhatWasWrappedUnderAnotherKeyOfTheSameName() throws Exception {
        Envelope envelope = new Envelope(RANDOM);
        Sealed sealed = envelope.seal(keys(ONE), PLACE, Secret.of("value"));
        assertThatThrownBy(() -> envelope.open(keys("one:" + "2b".repeat(32)), PLACE, sealed))
                .isInstanceOf(TamperedException.class);
    }
}
