// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateCodecTest {
    private static final String HI = "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]";

    private static ChatRequest read(String json) {
        try {
            return GenerateCodec.read((ObjectNode) new ObjectMapper().readTree(json), "m");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readsAConversationWithEverythingInIt() {
        ChatRequest request = read(
                """
                {"systemInstruction": {"parts": [{"text": "be kind"}]},
                 "contents": [
                   {"role": "user", "parts": [
                     {"text": "look"},
                     {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
                     {"fileData": {"mimeType": "application/pdf", "fileUri": "https://host/a.pdf"}},
                     {"inlineData": {"mimeType": "audio/mpeg", "data": "BBBB"}}]},
                   {"role": "model", "parts": [
                     {"text": "Let m", "thought": true}, {"text": "e see.", "thought": true, "thoughtSignature": "c2ln"},
                     {"text": "I ask.", "thoughtSignature": "dGV4dA=="},
                     {"functionCall": {"id": "a", "name": "f", "args": {"x": 1}}, "thoughtSignature": "Y2FsbA=="},
                     {"functionCall": {"name": "g"}}]},
                   {"role": "user", "parts": [
                     {"functionResponse": {"name": "g", "response": {"error": "no"}}},
                     {"functionResponse": {"id": "a", "name": "f", "response": {"sum": 3}}},
                     {"text": "and?"}]}]}
                """);

        assertThat(request.messages())
                .containsExactly(
                        Message.of(Role.SYSTEM, "be kind"),
                        Message.of(
                                Role.USER,
                                List.of(
                                        new Content.Text("look"),
                                        new Content.Image("data:image/png;base64,AAAA", null),
                                        new Content.Document("https://host/a.pdf", "application/pdf", null),
                                        new Content.Audio("BBBB", "mp3"))),
                        Message.assistant(
                                List.of(
                                        new Content.Reasoning("Let me see.", "c2ln"),
                                        new Content.Text("I ask."),
                                        new Content.Reasoning("", "dGV4dA==")),
                                List.of(
                                        new Message.ToolCall("a", "f", "{\"x\":1}", "Y2FsbA=="),
                                        new Message.ToolCall("call_0", "g", "{}"))),
                        Message.toolResult("call_0", List.of(new Content.Text("no")), true),
                        Message.toolResult("a", List.of(new Content.Text("{\"sum\":3}")), false),
                        Message.of(Role.USER, "and?"));
    }

    @Test
    void readsTheOptionsInBothSpellings() throws IOException {
        ChatRequest camel = read("{" + HI
                + ",\"generationConfig\":{\"maxOutputTokens\":9,\"topP\":0.5,\"topK\":40.0,\"stopSequences\":[\"END\"],\"temperature\":1.5,"
                + "\"seed\":7,\"presencePenalty\":1,\"frequencyPenalty\":-1,\"candidateCount\":1,\"responseModalities\":[\"TEXT\"],"
                + "\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\",\"properties\":{\"a\":{\"type\":\"STRING\",\"nullable\":true}}}}}");
        ChatRequest snake = read("{" + HI
                + ",\"generation_config\":{\"max_output_tokens\":9,\"top_p\":0.5,\"top_k\":40,\"stop_sequences\":[\"END\"],\"temperature\":1.5,"
                + "\"seed\":7,\"presence_penalty\":1,\"frequency_penalty\":-1,\"response_mime_type\":\"application/json\","
                + "\"response_json_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}}}}}");

        assertThat(camel).isEqualTo(snake);
        assertThat(camel.maxTokens()).isEqualTo(9);
        assertThat(camel.topK()).isEqualTo(40);
        assertThat(camel.stop()).containsExactly("END");
        assertThat(camel.responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema(
                        "answer",
                        (ObjectNode) new ObjectMapper()
                                .readTree("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}}}"),
                        false));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"thinkingBudget\":0}', NONE, ",
        "'{\"thinkingBudget\":-1}', , ",
        "'{\"thinkingBudget\":2048}', , 2048",
        "'{\"thinkingLevel\":\"low\"}', LOW, ",
        "'{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}', HIGH, ",
    })
    void readsHowMuchToThink(String config, Effort effort, Integer budget) {
        assertThat(read("{" + HI + ",\"generationConfig\":{\"thinkingConfig\":" + config + "}}").reasoning())
                .isEqualTo(new Reasoning(effort, budget));
    }

    private static final String TOOLS =
            ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":{\"n\":"
                    + "{\"type\":\"ARRAY\",\"items\":{\"type\":\"INTEGER\"},\"minItems\":\"1\"}}}},{\"name\":\"g\",\"description\":\"d\"}]}]";

    @ParameterizedTest
    @CsvSource({
        "'{\"mode\":\"AUTO\"}', auto, 2",
        "'{\"mode\":\"NONE\"}', none, 2",
        "'{\"mode\":\"ANY\"}', required, 2",
        "'{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"g\"]}', g, 1",
        "'{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\",\"g\"]}', required, 2",
    })
    void readsToolsAndWhichToCall(String calling, String choice, int count) {
        ChatRequest request = read("{" + HI + TOOLS + ",\"toolConfig\":{\"functionCallingConfig\":" + calling + "}}");
        assertThat(request.tools()).hasSize(count);
        ToolChoice expected = switch (choice) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> new ToolChoice.Named(choice);
        };
        assertThat(request.toolChoice()).isEqualTo(expected);
    }

    @Test
    void writesGooglesSchemasAsJsonSchema() {
        assertThat(String.valueOf(read("{" + HI + TOOLS + "}").tools().getFirst().parameters()))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":1}}}");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"generationConfig\":{\"maxOutputTokens\":0}', generationConfig.maxOutputTokens",
        "'\"generationConfig\":{\"temperature\":3}', generationConfig.temperature",
        "'\"generationConfig\":{\"temperature\":\"warm\"}', generationConfig.temperature",
        "'\"generationConfig\":{\"candidateCount\":2}', generationConfig.candidateCount",
        "'\"generationConfig\":{\"speechConfig\":{}}', generationConfig.speechConfig",
        "'\"generationConfig\":{\"responseModalities\":[\"IMAGE\"]}', generationConfig.responseModalities",
        "'\"generationConfig\":{\"responseMimeType\":\"text/x.enum\"}', generationConfig.responseMimeType",
        "'\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"some\"}}', thinkingLevel",
        "'\"generationConfig\":{\"stopSequences\":[1]}', stopSequences",
        "'\"tools\":[{\"googleSearch\":{}}]', googleSearch",
        "'\"tools\":[{\"functionDeclarations\":[{}]}]', name",
        "'\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"SOME\"}}', mode",
    })
    void refusesByNameWhatCannotBeDone(String member, String name) {
        assertThatThrownBy(() -> read("{" + HI + "," + member + "}"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"robot\",\"parts\":[{\"text\":\"x\"}]}",
                "{\"role\":\"user\",\"parts\":\"x\"}",
                "{\"role\":\"user\",\"parts\":[{}]}",
                "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}",
                "{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"data\":\"AAAA\"}}]}",
            })
    void refusesContentsThatMakeNoSense(String content) {
        assertThatThrownBy(() -> read("{\"contents\":[" + content + "]}"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("contents[0]");
    }

    @Test
    void keepsWhatOnlyGoogleKnowsSoThatOthersRefuseItByName() {
        ChatRequest request = read("{\"safetySettings\":[],\"cachedContent\":\"c\",\"labels\":{},\"contents\":"
                + "[{\"role\":\"user\",\"parts\":[{\"executableCode\":{}}]}]}");
        assertThatThrownBy(() -> request.refuseForeign("openai"))
                .hasMessageContaining("safetySettings")
                .hasMessageContaining("cachedContent")
                .hasMessageContaining("executableCode")
                .message()
                .doesNotContain("labels");
    }
}
