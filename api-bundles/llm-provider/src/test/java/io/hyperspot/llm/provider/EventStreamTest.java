// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.modkit.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
    private static List<String> data(int size, String text) throws Exception {
        List<String> data = new ArrayList<>();
        EventStream stream = new EventStream(64, Problems.of("acme"), bytes -> data.add(new String(bytes, UTF_8)));
        byte[] bytes = text.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += size) {
            byte[] part = java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
            stream.feed(part, part.length);
        }
        stream.end();
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void findsEventsHoweverTheStreamIsSplit(int size) throws Exception {
        String text = ": comment\nevent: x\ndata: {\"\u00e4\":1}\n\ndata:a\r\ndata: b\r\n\r\ndata: last";
        assertThat(data(size, text)).containsExactly("{\"\u00e4\":1}", "a\nb", "last");
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        assertThatThrownBy(() -> data(16, "data: " + "x".repeat(200)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("more than 64 bytes");
    }
}
