// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

/** What a call has a model do, by the names of OpenTelemetry's conventions for generative AI where they have one. */
public enum Task {
    CHAT("chat"),
    EMBEDDINGS("embeddings"),
    COUNT_TOKENS("count_tokens");

    private final String text;

    Task(String text) {
        this.text = text;
    }

    /** As in metrics. */
    public String text() {
        return text;
    }
}
