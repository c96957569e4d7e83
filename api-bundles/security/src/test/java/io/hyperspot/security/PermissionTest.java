// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PermissionTest {
    @ParameterizedTest
    @ValueSource(strings = {"gts.*:*", "gts.hyperspot.llm.*:invoke", "gts.hyperspot.core.events.topic.v1~:read", "gts.hyperspot.*:dry-run"})
    void readsWhatItWrites(String text) {
        assertThat(Permission.parse(text)).hasToString(text).isEqualTo(Permission.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", "read", ":read", "gts.hyperspot.llm.*", "gts.hyperspot.llm.*:", "gts.hyperspot.llm.*: read",
                "gts.hyperspot.llm.*:read,write", "gts.hyperspot.llm.*:READ", "gts.hyperspot.llm.*:re*", "llm.*:read",
                "gts.*llm:read", "gts.hyperspot llm.*:read", "gts.hyperspot.llm.*:read\n"
            })
    void refusesWhatIsNoPermission(String text) {
        assertThatThrownBy(() -> Permission.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysHowAPermissionIsWritten() {
        assertThatThrownBy(() -> Permission.parse("read"))
                .hasMessage("a permission is written <gts pattern>:<action>, for example gts.hyperspot.llm.*:invoke; got 'read'");
    }

    @ParameterizedTest
    @CsvSource({
        "gts.*:*,                       gts.hyperspot.llm.*:invoke,         true",
        "gts.*:*,                       gts.*:*,                            true",
        "gts.hyperspot.*:read,          gts.hyperspot.llm.*:read,           true",
        "gts.hyperspot.llm.*:read,      gts.hyperspot.llm.*:read,           true",
        "gts.hyperspot.llm.*:*,         gts.hyperspot.llm.*:read,           true",
        "gts.hyperspot.llm.*:read,      gts.hyperspot.*:read,               false",
        "gts.hyperspot.llm.*:read,      gts.hyperspot.llm.*:*,              false",
        "gts.hyperspot.llm.*:read,      gts.hyperspot.llm.*:write,          false",
        "gts.hyperspot.llm.*:read,      gts.hyperspot.llmx.*:read,          false",
        "gts.acme.*:read,               gts.hyperspot.llm.*:read,           false",
    })
    void impliesWhatItCovers(String granted, String asked, boolean implies) {
        assertThat(Permission.parse(granted).implies(Permission.parse(asked))).isEqualTo(implies);
    }
}
