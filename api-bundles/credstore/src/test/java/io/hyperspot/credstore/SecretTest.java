// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void showsItsValueOnlyToWhoAsks() {
        Secret secret = Secret.of("tr\u00e4gt \u20ac \ud83d\udd11");
        assertThat(secret.toString()).isEqualTo("***");
        assertThat(secret.text()).isEqualTo("tr\u00e4gt \u20ac \ud83d\udd11");
        assertThat(secret.bytes()).isEqualTo("tr\u00e4gt \u20ac \ud83d\udd11".getBytes(StandardCharsets.UTF_8));
        assertThat(secret.length()).isEqualTo(secret.bytes().length);
    }

    @Test
    void isNoLongerThereWhenClosed() {
        Secret secret = Secret.of("value");
        secret.close();
        assertThatThrownBy(secret::text).isInstanceOf(IllegalStateException.class).hasMessageNotContaining("value");
        assertThatThrownBy(secret::bytes).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNotQuoteWhatIsNoText() {
        Secret secret = Secret.of(new byte[] {'a', (byte) 0xff, 'b'});
        assertThatThrownBy(secret::text).isInstanceOf(IllegalStateException.class).hasMessage("the secret is no text");
        assertThat(secret.bytes()).hasSize(3);
    }

    @Test
    void masksAConfiguredValue() {
        ConfiguredSecret key = ConfiguredSecrets.literal().of(" sk-1 ");
        assertThat(key.reveal()).isEqualTo("sk-1");
        assertThat(key.masked("bad key sk-1")).isEqualTo("bad key ***");
        assertThat(key.toString()).isEqualTo("***");
        assertThat(new ConfiguredSecret("openai", () -> "sk-2").toString()).isEqualTo("${secret:openai}");
        assertThat(ConfiguredSecrets.literal().of("").masked("text")).isEqualTo("text");
    }
}
