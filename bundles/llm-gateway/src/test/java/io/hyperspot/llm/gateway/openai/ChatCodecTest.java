// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatCodecTest {
    private final ChatCodec codec = new ChatCodec(new ObjectMapper());

    private ChatRequest read(String body) {
        return codec.read(body.getBytes(UTF_8), "m").request();
    }

    /** A request with the given members beside its messages. */
    private ChatRequest with(String members) {
        return read("{\"model\":\"p/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + members + "}");
    }

    @Test
    void readsEveryKindOfContent() {
        ChatRequest request = read("""
                {"model":"p/m","messages":[
                  {"role":"system","content":"be brief"},
                  {"role":"developer","content":null},
                  {"role":"user","name":"ann","content":[
                    {"type":"text","text":"what is this?"},
                    {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},
                    {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},
                    {"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}},
                    {"type":"file","file":{"file_id":"f"}}]},
                  {"role":"assistant","refusal":"no","tool_calls":[
                    {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
                  {"role":"tool","tool_call_id":"c1","content":"42"}]}""");
        assertThat(request.model()).isEqualTo("m");
        assertThat(request.extra()).isNull();
        assertThat(request.messages()).extracting(Message::role).containsExactly(
                Message.Role.SYSTEM, Message.Role.DEVELOPER, Message.Role.USER, Message.Role.ASSISTANT, Message.Role.TOOL);
        assertThat(request.messages().get(0).text()).isEqualTo("be brief");
        assertThat(request.messages().get(1).content()).isEmpty();
        Message user = request.messages().get(2);
        assertThat(user.name()).isEqualTo("ann");
        assertThat(user.content().subList(0, 4)).containsExactly(
                new Content.Text("what is this?"),
                new Content.Image("https://x/y.png", "low"),
                new Content.Image("data:image/png;base64,AA==", null),
                new Content.Audio("QUJD", "wav"));
        assertThat(user.content().get(4)).isInstanceOfSatisfying(Content.Unknown.class, unknown -> {
            assertThat(unknown.protocol()).isEqualTo("openai");
            assertThat(unknown.json().at("/file/file_id").asText()).isEqualTo("f");
        });
        Message assistant = request.messages().get(3);
        assertThat(assistant.toolCalls()).containsExactly(new Message.ToolCall("c1", "f", "{\"a\":1}"));
        assertThat(Objects.requireNonNull(assistant.extra()).members().path("refusal").asText()).isEqualTo("no");
        assertThat(request.messages().get(4).toolCallId()).isEqualTo("c1");
    }

    @Test
    void readsTheOptionsAndKeepsWhatItDoesNotKnow() {
        ChatRequest request = with("""
                "temperature":0.5,"top_p":1,"seed":-3,"max_tokens":9,"max_completion_tokens":10,
                "stop":["a","b"],"stream":true,"stream_options":{"include_usage":true},"logit_bias":{"5":1},
                "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},
                         {"type":"function","function":{"name":"g"}}]""");
        assertThat(request.temperature()).isEqualTo(0.5);
        assertThat(request.topP()).isEqualTo(1.0);
        assertThat(request.seed()).isEqualTo(-3L);
        assertThat(request.maxTokens()).isEqualTo(10);
        assertThat(request.stop()).containsExactly("a", "b");
        assertThat(Objects.requireNonNull(request.extra()).members().toString()).isEqualTo("{\"logit_bias\":{\"5\":1}}");
        assertThat(request.tools()).hasSize(2);
        assertThat(request.tools().getFirst()).satisfies(tool -> {
            assertThat(tool.name()).isEqualTo("f");
            assertThat(tool.description()).isEqualTo("d");
            assertThat(Objects.requireNonNull(tool.parameters()).path("type").asText()).isEqualTo("object");
            assertThat(tool.strict()).isTrue();
        });
        assertThat(request.tools().getLast()).isEqualTo(new ChatRequest.Tool("g", null, null, false));
        assertThat(with("\"max_tokens\":9,\"stop\":\"x\"")).satisfies(small -> {
            assertThat(small.maxTokens()).isEqualTo(9);
            assertThat(small.stop()).containsExactly("x");
        });
    }

    @Test
    void takesNullForAbsent() {
        ChatRequest request = with("\"temperature\":null,\"top_p\":null,\"seed\":null,\"max_tokens\":null,\"stop\":null,"
                + "\"tools\":null,\"tool_choice\":null,\"response_format\":null");
        assertThat(request).isEqualTo(ChatRequest.of("m", request.messages()));
    }

    @Test
    void readsToolChoices() {
        assertThat(with("\"tool_choice\":\"auto\"").toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(with("\"tool_choice\":\"none\"").toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(with("\"tool_choice\":\"required\"").toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(with("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}").toolChoice())
                .isEqualTo(new ToolChoice.Named("f"));
    }

    @Test
    void readsResponseFormats() {
        assertThat(with("\"response_format\":{\"type\":\"text\"}").responseFormat()).isNull();
        assertThat(with("\"response_format\":{\"type\":\"json_object\"}").responseFormat()).isEqualTo(new ResponseFormat.Json());
        assertThat(with("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                + "{\"name\":\"n\",\"strict\":true,\"schema\":{\"type\":\"array\"}}}")
                        .responseFormat())
                .isInstanceOfSatisfying(ResponseFormat.JsonSchema.class, format -> {
                    assertThat(format.name()).isEqualTo("n");
                    assertThat(format.strict()).isTrue();
                    assertThat(format.schema().path("type").asText()).isEqualTo("array");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\":2.5                           | 'temperature'",
                "\"temperature\":\"hot\"                       | 'temperature'",
                "\"top_p\":-1                                  | 'top_p'",
                "\"max_tokens\":0                              | 'max_tokens'",
                "\"max_tokens\":1.5                            | 'max_tokens'",
                "\"max_completion_tokens\":99999999999         | 'max_completion_tokens'",
                "\"max_completion_tokens\":\"7\"               | 'max_completion_tokens'",
                "\"seed\":\"x\"                                | 'seed'",
                "\"stop\":[1]                                  | 'stop'",
                "\"stop\":{\"a\":\"b\"}                        | 'stop'",
                "\"tools\":{\"function\":{\"name\":\"f\"}}     | 'tools'",
                "\"tools\":[{\"type\":\"function\"}]           | 'tools'",
                "\"tool_choice\":\"sometimes\"                 | 'tool_choice'",
                "\"tool_choice\":{\"type\":\"function\"}       | 'tool_choice'",
                "\"response_format\":\"json\"                  | 'response_format'",
                "\"response_format\":{\"type\":\"xml\"}        | 'response_format'",
                "\"response_format\":{\"type\":\"json_schema\"} | 'response_format.json_schema.schema'",
            })
    void namesTheOptionThatIsWrong(String member, String name) {
        refused(() -> with(member), name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"content\":\"x\"}                                                   | 'messages[1].role'",
                "{\"role\":\"robot\"}                                                  | 'messages[1].role'",
                "{\"role\":\"user\",\"content\":5}                                     | 'messages[1].content'",
                "{\"role\":\"user\",\"content\":[\"x\"]}                               | 'messages[1].content'",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}                 | 'messages[1].content'",
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}            | 'messages[1].content'",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{}}]} | 'messages[1].content'",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\"}]}              | 'messages[1].tool_calls'",
            })
    void namesTheMessageThatIsWrong(String message, String name) {
        refused(() -> read("{\"model\":\"p/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}," + message + "]}"), name);
    }

    @Test
    void refusesWhatIsNoJson() {
        refused(() -> read("{"), "not valid JSON");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(call).satisfies(problem -> {
            assertThat(problem.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
            assertThat(problem.code()).isEqualTo("INVALID_BODY");
            assertThat(problem.detail()).contains(words);
        });
    }
}
