// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatEvent.Finish;
import io.hyperspot.llm.ChatEvent.Reason;
import io.hyperspot.llm.ChatEvent.ReasoningDelta;
import io.hyperspot.llm.ChatEvent.TextDelta;
import io.hyperspot.llm.ChatEvent.ToolCallDelta;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.FakeExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatAnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeExchange exchange = FakeExchange.post("/chat/completions", "");

    private ChatAnswer answer(boolean stream, boolean usage, ChatEvent... events) throws IOException {
        ChatAnswer answer = new ChatAnswer(exchange, "p/m", stream, usage);
        for (ChatEvent event : events) {
            answer.event(event);
        }
        answer.finish();
        return answer;
    }

    private List<JsonNode> chunks() throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        List<String> events = exchange.data();
        assertThat(events.getLast()).isEqualTo("[DONE]");
        for (String event : events.subList(0, events.size() - 1)) {
            chunks.add(JSON.readTree(event));
        }
        return chunks;
    }

    @Test
    void streamsTextWithTheRoleFirstAndTheReasonLast() throws Exception {
        answer(true, false, new TextDelta("Hel"), new TextDelta("lo"), new Finish(Reason.LENGTH, new Usage(1, 0, 2, 0)));
        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.contentType).isEqualTo("text/event-stream");
        assertThat(exchange.ended).isTrue();
        List<JsonNode> chunks = chunks();
        assertThat(chunks).hasSize(3).allSatisfy(chunk -> {
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("model").asText()).isEqualTo("p/m");
            assertThat(chunk.path("id").asText()).isEqualTo("chatcmpl-req-1");
            assertThat(chunk.has("usage")).isFalse();
        });
        assertThat(chunks.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.get(1).at("/choices/0/delta").has("role")).isFalse();
        assertThat(chunks.get(0).at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(chunks.get(2).at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(chunks.get(2).at("/choices/0/delta").isEmpty()).isTrue();
    }

    @Test
    void sendsUsageOnlyWhenAsked() throws Exception {
        answer(true, true, new TextDelta("x"), new Finish(Reason.STOP, new Usage(10, 4, 6, 5)));
        JsonNode last = chunks().getLast();
        assertThat(last.path("choices").isArray()).isTrue();
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":10,\"completion_tokens\":6,\"total_tokens\":16,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens_details\":{\"reasoning_tokens\":5}}");
    }

    @Test
    void streamsAnAnswerWithoutText() throws Exception {
        answer(true, false, new Finish(Reason.CONTENT_FILTER, Usage.NONE));
        JsonNode only = chunks().getFirst();
        assertThat(only.at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(only.at("/choices/0/finish_reason").asText()).isEqualTo("content_filter");
    }

    @Test
    void streamsToolCallsByIndex() throws Exception {
        answer(
                true,
                false,
                new ToolCallDelta(0, "c0", "f", ""),
                new ToolCallDelta(0, "", "", "{\"a\""),
                new ToolCallDelta(1, "c1", "g", "{}"),
                new Finish(Reason.TOOL_CALLS, Usage.NONE));
        List<JsonNode> chunks = chunks();
        assertThat(chunks.get(0).at("/choices/0/delta/tool_calls/0").toString())
                .isEqualTo("{\"id\":\"c0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"},\"index\":0}");
        assertThat(chunks.get(1).at("/choices/0/delta/tool_calls/0").toString())
                .isEqualTo("{\"function\":{\"arguments\":\"{\\\"a\\\"\"},\"index\":0}");
        assertThat(chunks.get(2).at("/choices/0/delta/tool_calls/0/index").asInt()).isEqualTo(1);
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void gathersAnAnswerThatIsNoStream() throws Exception {
        ChatAnswer answer = answer(
                false,
                true,
                new ReasoningDelta("think "),
                new ReasoningDelta("hard"),
                new TextDelta("Hel"),
                new ChatEvent.Unknown("other", JsonNodeFactory.instance.objectNode()),
                new TextDelta("lo"),
                new Finish(Reason.STOP, new Usage(1, 0, 2, 0)));
        assertThat(answer.usage()).isEqualTo(new Usage(1, 0, 2, 0));
        assertThat(exchange.contentType).isEqualTo("application/json");
        JsonNode root = exchange.json();
        assertThat(root.path("object").asText()).isEqualTo("chat.completion");
        assertThat(root.at("/choices/0/message").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"Hello\",\"reasoning_content\":\"think hard\"}");
        assertThat(root.at("/usage").toString())
                .isEqualTo("{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}");
    }

    @Test
    void gathersToolCallsInTheOrderOfTheirIndex() throws Exception {
        answer(
                false,
                false,
                new ToolCallDelta(1, "c1", "g", "{}"),
                new ToolCallDelta(0, "c0", "f", "{\"a\":"),
                new ToolCallDelta(0, "", "", "1}"),
                new Finish(Reason.TOOL_CALLS, Usage.NONE));
        JsonNode message = exchange.json().at("/choices/0/message");
        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.path("tool_calls")).hasSize(2);
        JsonNode first = message.at("/tool_calls/0");
        assertThat(first.path("id").asText()).isEqualTo("c0");
        assertThat(first.path("type").asText()).isEqualTo("function");
        assertThat(first.has("index")).isFalse();
        assertThat(first.path("function").toString()).isEqualTo("{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}");
        assertThat(message.at("/tool_calls/1/function/name").asText()).isEqualTo("g");
    }

    @ParameterizedTest
    @CsvSource({"STOP, stop", "CANCELLED, stop", "LENGTH, length", "TOOL_CALLS, tool_calls", "CONTENT_FILTER, content_filter"})
    void namesTheReasonAsTheProtocolDoes(Reason reason, String word) throws Exception {
        answer(false, false, new TextDelta("x"), new Finish(reason, Usage.NONE));
        assertThat(exchange.json().at("/choices/0/finish_reason").asText()).isEqualTo(word);
    }

    @Test
    void streamsReasoningApartFromTheText() throws Exception {
        answer(true, false, new ReasoningDelta("hm"), new TextDelta("x"), new Finish(Reason.STOP, Usage.NONE));
        assertThat(chunks().get(0).at("/choices/0/delta/reasoning_content").asText()).isEqualTo("hm");
        assertThat(chunks().get(1).at("/choices/0/delta/content").asText()).isEqualTo("x");
    }
}
