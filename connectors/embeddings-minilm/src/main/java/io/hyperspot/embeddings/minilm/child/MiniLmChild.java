// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hyperspot.process.child.Call;
import io.hyperspot.process.child.CallFailure;
import io.hyperspot.process.child.ChildLoop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The child's main class. One call at a time: the runtime uses all its threads for one text.
 */
public final class MiniLmChild {
    private MiniLmChild() {}

    public static void main(String[] arguments) {
        ChildLoop.run(1, () -> {
            Encoder encoder = Encoder.load(Integer.getInteger("threads", 0));
            return call -> embed(encoder, call);
        });
    }

    private static void embed(Encoder encoder, Call call) throws Exception {
        JsonNode inputs = call.request().path("inputs");
        for (int i = 0; i < inputs.size() && !call.isCancelled(); i++) {
            long[] tokens = encoder.tokens(inputs.path(i).asText());
            if (tokens.length > Encoder.MAX_TOKENS) {
                throw new CallFailure(
                        "INPUT_TOO_LONG",
                        "a text has " + tokens.length + " tokens, more than " + Encoder.MAX_TOKENS + "; split it");
            }
            float[] vector = encoder.vector(tokens);
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            call.event(JsonNodeFactory.instance
                    .objectNode()
                    .put("tokens", tokens.length)
                    .put("vector", bytes.array()));
        }
    }
}
