// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MetatypeReaderTest {
    private static ModuleSchema.Attribute web(String key) {
        return Objects.requireNonNull(Schemas.all().getFirst().attributes().get(key));
    }

    @Test
    void readsModulesAndFactories() {
        List<ModuleSchema> schemas = Schemas.all();
        assertThat(schemas).extracting(ModuleSchema::pid).containsExactly("web", "llm-openai");
        assertThat(schemas).extracting(ModuleSchema::factory).containsExactly(false, true);
        assertThat(schemas.getFirst().description()).isEqualTo("The HTTP server.");
        assertThat(schemas.getLast().attributes()).containsOnlyKeys("base_url", "api_key");
    }

    @Test
    void readsTypesDefaultsBoundsAndOptions() {
        assertThat(web("port")).satisfies(port -> {
            assertThat(port.type()).isEqualTo(ModuleSchema.Type.INTEGER);
            assertThat(port.defaults()).containsExactly("8087");
            assertThat(port.least()).isEqualTo(BigDecimal.ZERO);
            assertThat(port.most()).isEqualTo(new BigDecimal(65535));
            assertThat(port.required()).isFalse();
        });
        assertThat(web("origins").list()).isTrue();
        assertThat(web("origins").defaults()).containsExactly("a", "b,c", "d");
        assertThat(web("ports").defaults()).isEmpty();
        assertThat(web("level").options()).containsExactly("INFO", "DEBUG");
        assertThat(web("password").type()).isEqualTo(ModuleSchema.Type.SECRET);
        assertThat(web("pattern").defaults()).containsExactly("C:\\x|\"y\"\nz");
        assertThat(web("limit").required()).isFalse();
        assertThat(Objects.requireNonNull(Schemas.all().getLast().attributes().get("base_url")).required()).isTrue();
    }

    @Test
    void refusesWhatIsNoMetatypeDocument() {
        for (String text : List.of("", "<a>", "no xml")) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new MetatypeReader().read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
                    .withMessageContaining("not a metatype document");
        }
    }

    @Test
    void readsNoFileThatADocumentNames() {
        String hostile = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><MetaData><OCD id=\"a\" description=\"&e;\"/>"
                + "<Designate pid=\"a\"><Object ocdref=\"a\"/></Designate></MetaData>";
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new MetatypeReader().read(new ByteArrayInputStream(hostile.getBytes(StandardCharsets.UTF_8))));
    }
}
