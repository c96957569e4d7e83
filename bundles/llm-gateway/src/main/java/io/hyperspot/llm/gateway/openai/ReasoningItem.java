// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import io.hyperspot.llm.Content;
import org.jspecify.annotations.Nullable;

/**
 * Reasoning as an item of the Responses API: its text is the summary, and what must be sent back unchanged is the
 * {@code encrypted_content}. Reasoning that is encrypted as a whole begins with a mark there; clients send it back as
 * it is.
 */
final class ReasoningItem {
    private static final String HIDDEN = "hidden:";

    private ReasoningItem() {}

    static String hidden(String data) {
        return HIDDEN + data;
    }

    static Content read(String text, @Nullable String encrypted) {
        return encrypted != null && encrypted.startsWith(HIDDEN)
                ? new Content.HiddenReasoning(encrypted.substring(HIDDEN.length()))
                : new Content.Reasoning(text, encrypted);
    }
}
