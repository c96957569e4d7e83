// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComponentConfigTest {
    @interface Config {
        String base__url();

        String _api__key() default "";

        int retries() default 2;
    }

    @Test
    void givesWhatTheFileWouldSayAndTheDefaults() {
        Config config = ComponentConfig.of(Config.class, Map.of("base_url", "http://x", "api_key", "sk-1"));
        assertThat(config.base__url()).isEqualTo("http://x");
        assertThat(config._api__key()).isEqualTo("sk-1");
        assertThat(config.retries()).isEqualTo(2);
        assertThat(config.annotationType()).isEqualTo(Config.class);
        assertThat(config.toString()).doesNotContain("sk-1");
    }

    @Test
    void refusesUnknownAndMissingKeys() {
        assertThatThrownBy(() -> ComponentConfig.of(Config.class, Map.of("base_url", "x", "baseurl", "y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baseurl");
        assertThatThrownBy(() -> ComponentConfig.of(Config.class, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("base_url");
    }
}
