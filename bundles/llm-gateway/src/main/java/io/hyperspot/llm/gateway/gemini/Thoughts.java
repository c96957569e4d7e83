// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.Content;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Thoughts with their signatures as parts. This protocol has no part for thoughts that are encrypted as a whole, so
 * they travel as a signature without a text that begins with a mark; clients send signatures back as they are.
 */
final class Thoughts {
    private static final String HIDDEN = "hidden:";

    private Thoughts() {}

    static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text).put("thought", true);
    }

    static ObjectNode hidden(String data) {
        // bytes in this protocol, so it must be base64
        String marked = Base64.getEncoder().encodeToString((HIDDEN + data).getBytes(StandardCharsets.UTF_8));
        return text("").put("thoughtSignature", marked);
    }

    static Content read(String text, String signature) {
        if (text.isEmpty()) {
            try {
                String plain = new String(Base64.getDecoder().decode(signature), StandardCharsets.UTF_8);
                if (plain.startsWith(HIDDEN)) {
                    return new Content.HiddenReasoning(plain.substring(HIDDEN.length()));
                }
            } catch (IllegalArgumentException e) {
                // a provider's own, in another alphabet
                return new Content.Reasoning(text, signature);
            }
        }
        return new Content.Reasoning(text, signature);
    }
}
