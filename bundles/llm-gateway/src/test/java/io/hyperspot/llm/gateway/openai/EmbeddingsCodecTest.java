// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.Usage;
import io.hyperspot.modkit.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingsCodecTest {
    private final ObjectMapper json = new ObjectMapper();
    private final EmbeddingsCodec codec = new EmbeddingsCodec(json);

    private EmbeddingsCodec.Parsed read(String members) {
        return codec.read(("{\"model\":\"p/m\"," + members + "}").getBytes(UTF_8), "m");
    }

    @Test
    void readsOneTextOrMany() {
        assertThat(read("\"input\":\"x\"").request()).isEqualTo(new EmbeddingRequest("m", List.of("x"), null));
        EmbeddingsCodec.Parsed many = read("\"input\":[\"x\",\"y\"],\"dimensions\":3,\"encoding_format\":\"base64\"");
        assertThat(many.request()).isEqualTo(new EmbeddingRequest("m", List.of("x", "y"), 3));
        assertThat(many.base64()).isTrue();
        assertThat(read("\"input\":\"x\",\"dimensions\":null,\"encoding_format\":null").base64()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"input\":[1,2]                                  | 'input'",
                "\"input\":[[1,2]]                                | 'input'",
                "\"input\":[\"x\",\"\"]                           | 'input'",
                "\"input\":\"x\",\"encoding_format\":\"int8\"     | 'encoding_format'",
                "\"input\":\"x\",\"dimensions\":0                 | 'dimensions'",
                "\"input\":\"x\",\"dimensions\":\"3\"             | 'dimensions'",
                "\"input\":\"x\",                                 | not valid JSON",
            })
    void namesWhatIsWrong(String members, String words) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> read(members))
                .withMessageContaining(words);
    }

    @Test
    void refusesTooManyTextsAtOnce() {
        String texts = "\"input\":[" + String.join(",", Collections.nCopies(2049, "\"x\"")) + "]";
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> read(texts))
                .withMessageContaining("2049")
                .withMessageContaining("2048");
    }

    @Test
    void writesFloatsAndTheirBytes() throws Exception {
        float[][] vectors = {{1.5f, -0.0f, Float.MIN_VALUE, 3.4028235e38f}, {0.1f}};
        EmbeddingResult result = new EmbeddingResult(List.of(vectors), new Usage(9, 0, 0, 0));
        JsonNode floats = json.readTree(codec.write(result, "p/m", false));
        JsonNode bytes = json.readTree(codec.write(result, "p/m", true));
        assertThat(floats.path("model").asText()).isEqualTo("p/m");
        assertThat(floats.path("object").asText()).isEqualTo("list");
        assertThat(floats.at("/usage/prompt_tokens").asInt()).isEqualTo(9);
        assertThat(floats.at("/usage/total_tokens").asInt()).isEqualTo(9);
        for (int i = 0; i < vectors.length; i++) {
            JsonNode item = floats.path("data").get(i);
            assertThat(item.path("index").asInt()).isEqualTo(i);
            assertThat(item.path("object").asText()).isEqualTo("embedding");
            ByteBuffer decoded = ByteBuffer.wrap(Base64.getDecoder()
                            .decode(bytes.path("data").get(i).path("embedding").asText()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int j = 0; j < vectors[i].length; j++) {
                assertThat((float) item.path("embedding").get(j).asDouble()).isEqualTo(vectors[i][j]);
                assertThat(decoded.getFloat()).isEqualTo(vectors[i][j]);
            }
            assertThat(decoded.hasRemaining()).isFalse();
        }
    }
}
