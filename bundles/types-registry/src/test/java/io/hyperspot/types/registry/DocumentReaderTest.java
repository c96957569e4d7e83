// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentReaderTest {
    private static final String SCHEMA = "\"$schema\":\"http://json-schema.org/draft-07/schema#\"";
    private final DocumentReader reader = new DocumentReader();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                              |     | one JSON object",
                "{                                               |     | not JSON",
                "{\"a\":1}x                                      |     | not JSON",
                "{\"id\":\"a\",\"id\":\"b\"}                     |     | not JSON",
                "[]                                              |     | one JSON object",
                "{}                                              |     | an instance needs \"id\"",
                "{\"id\":1}                                      | /id | an instance needs \"id\"",
                "{\"id\":\"x\"}                                  | /id | position 0",
                "{\"id\":\"gts.a.b.c.d.v1~\"}                    | /id | is a type",
                "{S}                                             |     | \"$id\"",
                "{S,\"$id\":\"gts.a.b.c.d.v1~\"}                 | /$id | gts://",
                "{S,\"$id\":\"gts://gts.a.b.c.*\"}               | /$id | a pattern is not an id",
                "{S,\"$id\":\"gts://gts.a.b.c.d.v1~a.b.c.d.v1\"} | /$id | is an instance",
                "{S,\"$id\":\"gts://gts.a.b.c.d.v1~\",\"x-gts-abstract\":\"yes\"} | /x-gts-abstract | true or false",
                "{S,\"$id\":\"gts://gts.a.b.c.d.v1~\",\"x-gts-final\":1} | /x-gts-final | true or false",
                "{S,\"$id\":\"gts://gts.a.b.c.d.v1~\",\"x-gts-final\":true,\"x-gts-abstract\":true} | /x-gts-final | final and abstract",
            })
    void refusesWithPointerAndReason(String json, String pointer, String reason) {
        byte[] bytes = json.replace("S", SCHEMA).getBytes(StandardCharsets.UTF_8);

        DocumentException e =
                catchThrowableOfType(DocumentException.class, () -> reader.read("acme 1.0.0", "a.json", bytes));

        assertThat(e).isNotNull();
        assertThat(e.pointer()).isEqualTo(pointer == null ? "" : pointer);
        assertThat(e.reason()).contains(reason);
    }

    @Test
    void refusesWhatIsTooLargeOrTooDeep() {
        byte[] large = new byte[DocumentReader.MAX_BYTES + 1];
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        assertThat(catchThrowableOfType(DocumentException.class, () -> reader.read("o", "f", large)).reason())
                .contains("larger than");
        assertThat(catchThrowableOfType(DocumentException.class, () -> reader.read("o", "f", deep)).reason())
                .contains("not JSON");
    }

    @Test
    void readsModifiersAndKeepsNumbersAsWritten() throws Exception {
        String json = "{" + SCHEMA + ",\"$id\":\"gts://gts.a.b.c.d.v1~\",\"x-gts-abstract\":true,\"minimum\":1.10}";

        Document document = reader.read("acme 1.0.0", "a.json", json.getBytes(StandardCharsets.UTF_8));

        assertThat(document.entity().isAbstract()).isTrue();
        assertThat(document.entity().content()).isEqualTo(json);
        assertThat(document.entity().description()).isEmpty();
    }
}
