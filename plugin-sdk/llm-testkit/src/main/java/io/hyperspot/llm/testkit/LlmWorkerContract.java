// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link LlmWorker} must do; its test extends this and says how one is made:
 *
 * <pre>{@code
 * final class EchoWorkerTest extends LlmWorkerContract {
 *     @Override
 *     protected LlmWorker open() {
 *         return new EchoWorker(ComponentConfig.of(EchoConfig.class, Map.of("prefix", "")));
 *     }
 * }
 * }</pre>
 *
 * <p>Rules for what a worker cannot do, such as embeddings or {@link WireWorker}, are skipped. No test
 * reaches beyond this machine: a connector to a provider gets a server on loopback that plays it (see
 * {@link TestClients}), and the requests in {@link #longChatRequest} and {@link #silentChatRequest}
 * that make it talk without end and not at all.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class LlmWorkerContract extends EmbeddingRules {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void speaksOnlyTheProtocolsItKnows() {
        assertThat(wire(worker()).speaks("no-such-protocol")).isFalse();
    }

    @Test
    void forwardsAWholeAnswerAndAStreamWithTheSameText() throws Exception {
        LlmWorker worker = worker();
        WireAnswer whole = forward(worker, request(chatRequest(), false));
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.contentType()).startsWith("application/json");
        WireAnswer stream = forward(worker, request(chatRequest(), true));
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.contentType()).startsWith("text/event-stream");

        assertThat(whole.wholeText()).isNotEmpty();
        assertThat(stream.streamedText()).isNotEmpty();
        if (isDeterministic()) {
            String events = text(chat(worker, chatRequest()));
            assertThat(whole.wholeText()).isEqualTo(events);
            assertThat(stream.streamedText()).isEqualTo(events);
        }
    }

    @Test
    void forwardsThatAModelIsNotThere() throws Exception {
        LlmWorker worker = worker();
        ObjectNode request = request(chatRequest(), false).put("model", UNKNOWN);
        WireAnswer answer = new WireAnswer();
        Throwable failure = WorkerCall.start(
                        worker, cancellation -> wire(worker).forward(CALLER, call(request), answer, cancellation))
                .end(LONG);
        if (failure instanceof ProblemException problem) {
            assertThat(problem.category()).isEqualTo(ErrorCategory.NOT_FOUND);
            assertThat(answer.status()).isZero();
        } else {
            assertThat(failure).isNull();
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @Test
    void endsForwardingWhenCancelledBefore() throws Exception {
        LlmWorker worker = worker();
        ObjectNode request = request(chatRequest(), true);
        Cancellation cancelled = new Cancellation();
        cancelled.cancel("the caller left");
        WireAnswer answer = new WireAnswer();
        WorkerCall forwarding = WorkerCall.start(
                worker, ignored -> wire(worker).forward(CALLER, call(request), answer, cancelled));
        problem(forwarding.end(soon()), ErrorCategory.CANCELLED);
        assertThat(answer.status()).isZero();
        frees();
    }

    @Test
    void endsForwardingSoonWhenCancelledWithin() throws Exception {
        LlmWorker worker = worker();
        ObjectNode request = request(longChatRequest(), true);
        WireAnswer answer = new WireAnswer();
        WorkerCall forwarding = WorkerCall.start(
                worker, cancellation -> wire(worker).forward(CALLER, call(request), answer, cancellation));
        assertThat(answer.begun().await(LONG.toSeconds(), TimeUnit.SECONDS)).as("the answer begins").isTrue();
        forwarding.cancel();
        problem(forwarding.end(soon()), ErrorCategory.CANCELLED);
        frees();
    }

    @Test
    void handsOnThatTheClientCannotBeWrittenTo() throws Exception {
        LlmWorker worker = worker();
        ObjectNode request = request(longChatRequest(), true);
        IOException broken = new IOException("the client's connection broke");
        int[] writes = new int[1];
        WireWorker.Sink sink = new WireWorker.Sink() {
            @Override
            public void start(int status, String contentType, long length, Map<String, String> headers) {}

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writes[0]++;
                throw broken;
            }
        };
        WorkerCall forwarding = WorkerCall.start(
                worker, cancellation -> wire(worker).forward(CALLER, call(request), sink, cancellation));
        assertThat(forwarding.end(soon())).isSameAs(broken);
        assertThat(writes[0]).isEqualTo(1);
        frees();
    }

    private WireWorker wire(LlmWorker worker) {
        assumeTrue(
                worker instanceof WireWorker wire && wire.speaks(WireWorker.OPENAI),
                "it does not forward OpenAI's protocol");
        model(Capability.CHAT);
        return (WireWorker) worker;
    }

    private WireAnswer forward(LlmWorker worker, ObjectNode request) throws Exception {
        WireWorker wire = wire(worker);
        WireAnswer answer = new WireAnswer();
        succeeded(WorkerCall.start(
                worker, cancellation -> wire.forward(CALLER, call(request), answer, cancellation)));
        assertThat(answer.parts()).isPositive();
        return answer;
    }

    /** Within more bytes, which are not the request's. */
    private static WireWorker.Call call(ObjectNode request) throws IOException {
        byte[] body = JSON.writeValueAsBytes(request);
        byte[] padded = new byte[body.length + 20];
        Arrays.fill(padded, (byte) '#');
        System.arraycopy(body, 0, padded, 10, body.length);
        return new WireWorker.Call(WireWorker.OPENAI, "/chat/completions", padded, 10, body.length);
    }

    private ObjectNode request(ChatRequest request, boolean stream) {
        wire(worker());
        ObjectNode json = JSON.createObjectNode().put("model", request.model()).put("stream", stream);
        ArrayNode messages = json.putArray("messages");
        for (Message message : request.messages()) {
            messages.addObject()
                    .put("role", message.role().name().toLowerCase(Locale.ROOT))
                    .put("content", message.text());
        }
        if (request.maxTokens() != null) {
            json.put("max_tokens", request.maxTokens());
        }
        if (request.temperature() != null) {
            json.put("temperature", request.temperature());
        }
        return json;
    }
}
