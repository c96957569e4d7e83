// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.credstore.ConfiguredSecrets;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static final String KEY = "sk-very-secret";

    private static Secret secret(String configured) {
        return new Secret(ConfiguredSecrets.literal().of(configured));
    }

    @Test
    void showsItsValueNowhere() {
        Secret secret = secret(" " + KEY + " ");
        assertThat(secret.reveal()).isEqualTo(KEY);
        assertThat(secret).hasToString("***");
        assertThat(secret.masked("bad key " + KEY)).isEqualTo("bad key ***");
    }

    @Test
    void isEmptyWhenNoneIsConfigured() {
        assertThat(secret("none").reveal()).isEmpty();
        assertThat(secret("").masked("text")).isEqualTo("text");
    }
}
