// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesCodecTest {
    private final MessagesCodec codec = new MessagesCodec(new ObjectMapper());

    private ChatRequest read(String body) {
        return codec.read(body.getBytes(UTF_8), "m");
    }

    /** A request with the given members beside its messages. */
    private ChatRequest with(String members) {
        return read("{\"model\":\"p/m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + members + "}");
    }

    @Test
    void readsEveryKindOfContent() {
        ChatRequest request = read("""
                {"model":"p/m","max_tokens":9,
                 "system":[{"type":"text","text":"be brief","cache_control":{"type":"ephemeral"}}],
                 "messages":[
                  {"role":"user","content":[
                    {"type":"text","text":"what is this?"},
                    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},
                    {"type":"image","source":{"type":"url","url":"https://x/y.png"}},
                    {"type":"document","title":"t","source":{"type":"base64","media_type":"application/pdf","data":"AA=="}},
                    {"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"}},
                    {"type":"search_result","source":"x"}]},
                  {"role":"assistant","content":[
                    {"type":"thinking","thinking":"hm","signature":"s"},
                    {"type":"redacted_thinking","data":"d"},
                    {"type":"text","text":"I ask."},
                    {"type":"tool_use","id":"t1","name":"f","input":{"a":1}}]},
                  {"role":"user","content":[
                    {"type":"tool_result","tool_use_id":"t1","is_error":true,"content":"no"},
                    {"type":"text","text":"go on"}]}]}""");

        assertThat(request.messages()).extracting(Message::role)
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
        assertThat(request.messages().get(0).text()).isEqualTo("be brief");
        assertThat(request.messages().get(1).content().subList(0, 5)).containsExactly(
                new Content.Text("what is this?"),
                new Content.Image("data:image/png;base64,AA==", null),
                new Content.Image("https://x/y.png", null),
                new Content.Document("data:application/pdf;base64,AA==", "application/pdf", "t"),
                new Content.Text("plain"));
        assertThat(request.messages().get(1).content().get(5)).isInstanceOfSatisfying(
                Content.Unknown.class, unknown -> assertThat(unknown.protocol()).isEqualTo("anthropic"));
        assertThat(request.messages().get(2)).isEqualTo(Message.assistant(
                List.of(new Content.Reasoning("hm", "s"), new Content.HiddenReasoning("d"), new Content.Text("I ask.")),
                List.of(new Message.ToolCall("t1", "f", "{\"a\":1}"))));
        assertThat(request.messages().get(3)).isEqualTo(Message.toolResult("t1", List.of(new Content.Text("no")), true));
        assertThat(request.messages().get(4)).isEqualTo(Message.of(Role.USER, "go on"));
    }

    @Test
    void readsTheOptions() {
        ChatRequest request = with("""
                "stop_sequences":["a","b"],"temperature":0.5,"top_p":1,"top_k":3,"stream":true,
                "metadata":{"user_id":"u"},"service_tier":"auto",
                "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true},{"type":"custom","name":"g"}],
                "tool_choice":{"type":"any","disable_parallel_tool_use":true},
                "thinking":{"type":"enabled","budget_tokens":2000},
                "output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}}""");

        assertThat(request.maxTokens()).isEqualTo(9);
        assertThat(request.temperature()).isEqualTo(0.5);
        assertThat(request.topP()).isEqualTo(1.0);
        assertThat(request.topK()).isEqualTo(3);
        assertThat(request.stop()).containsExactly("a", "b");
        assertThat(request.tools()).extracting(ChatRequest.Tool::name).containsExactly("f", "g");
        assertThat(request.tools().getFirst().strict()).isTrue();
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(request.parallelToolCalls()).isFalse();
        assertThat(request.reasoning()).isEqualTo(new Reasoning(Effort.HIGH, 2000));
        assertThat(request.responseFormat()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(request.extra()).as("what changes nothing in the answer is not missed").isNull();
    }

    @Test
    void keepsWhatOnlyTheProtocolKnows() {
        ChatRequest request = with("\"mcp_servers\":[{\"name\":\"x\"}],\"container\":null");
        assertThat(Objects.requireNonNull(request.extra()).members().fieldNames()).toIterable().containsExactly("mcp_servers");
        assertThat(request.extra().protocol()).isEqualTo("anthropic");
    }

    @Test
    void needsNoLimitToCount() {
        String body = "{\"model\":\"p/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        assertThat(codec.counted(body.getBytes(UTF_8), "m")).isEqualTo(ChatRequest.of("m", List.of(Message.of(Role.USER, "hi"))));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read(body)).withMessageContaining("max_tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"max_tokens\":0                                        | max_tokens",
                "\"temperature\":1.5                                     | temperature",
                "\"top_k\":-1                                            | top_k",
                "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"w\"}] | web_search_20250305",
                "\"tools\":[{\"input_schema\":{}}]                       | tools",
                "\"tool_choice\":{\"type\":\"some\"}                     | tool_choice.type",
                "\"thinking\":{\"type\":\"enabled\"}                     | thinking.budget_tokens",
                "\"thinking\":{\"type\":\"deep\"}                        | thinking.type",
                "\"output_config\":{\"effort\":\"huge\"}                 | output_config.effort",
                "\"output_config\":{\"format\":{\"type\":\"xml\"}}       | output_config.format",
                "\"stop_sequences\":[1]                                  | stop_sequences",
                "\"system\":7                                            | system",
            })
    void namesTheMemberThatIsWrong(String members, String name) {
        String body = "{\"model\":\"p/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + (members.contains("max_tokens") ? "" : "\"max_tokens\":9,") + members + "}";
        refused(body, name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"role\":\"robot\",\"content\":\"x\"}                          | messages[0].role",
                "{\"role\":\"user\",\"content\":7}                               | messages[0].content",
                "{\"role\":\"user\",\"content\":[7]}                             | messages[0].content",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}           | messages[0]",
                "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\"}]}    | tool_use_id",
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"x\"}]} | name",
            })
    void namesTheMessageThatIsWrong(String message, String name) {
        refused("{\"model\":\"p/m\",\"max_tokens\":9,\"messages\":[" + message + "]}", name);
    }

    private void refused(String body, String name) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read(body)).satisfies(problem -> {
            assertThat(problem.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
            assertThat(problem.detail()).contains(name);
        });
    }
}
