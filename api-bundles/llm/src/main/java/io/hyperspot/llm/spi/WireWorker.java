// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.spi;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.SecurityContext;
import java.io.IOException;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A worker whose provider speaks the client's own protocol, so that bodies are forwarded byte for
 * byte: the fast path, and the one that loses no field. Implemented by an {@link LlmWorker}.
 */
@ConsumerType
public interface WireWorker {
    /** OpenAI's REST API but for its responses, relative to its base URL. */
    String OPENAI = "openai";

    /** OpenAI's Responses API, relative to the same base URL; not every provider that speaks {@link #OPENAI} has it. */
    String OPENAI_RESPONSES = "openai-responses";

    /** Anthropic's Messages API, relative to {@code /v1}. */
    String ANTHROPIC = "anthropic";

    /** Google's Gemini API, relative to {@code /v1beta}. */
    String GEMINI = "gemini";

    /** Whether {@link #forward} takes requests of this protocol. */
    boolean speaks(String protocol);

    /**
     * A request of the client's protocol.
     *
     * @param path relative to the protocol's base, for example {@code /chat/completions}, with its query if
     *     it has one; the model in it is already the provider's own name, percent-encoded
     * @param headers of the protocol that change what the body means, for example {@code anthropic-beta};
     *     names in lower case
     * @param body JSON whose model name is already the provider's own; bytes {@code offset} to {@code
     *     offset + length}
     */
    record Call(String protocol, String path, Map<String, String> headers, byte[] body, int offset, int length) {
        public Call(String protocol, String path, byte[] body, int offset, int length) {
            this(protocol, path, Map.of(), body, offset, length);
        }
    }

    /** Takes the provider's answer. */
    @ProviderType
    interface Sink {
        /**
         * The head; called once, first.
         *
         * @param length of the body, or -1
         * @param headers those for the client, for example {@code retry-after}
         */
        void start(int status, String contentType, long length, Map<String, String> headers) throws IOException;

        /** A part of the body. */
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * Forwards a request and passes on whatever the provider answers, errors included. Throws a
     * {@link io.hyperspot.modkit.ProblemException} when there is no answer; after {@code start}, one
     * means that the answer broke off. The sink is called by the calling thread, before this returns; what
     * it throws ends the call and is thrown on as it is. A streamed answer has the text that the whole
     * one would have.
     */
    void forward(SecurityContext ctx, Call call, Sink sink, Cancellation cancellation) throws Exception;
}
