// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Usage;

/** What an answer has used so far, by the events that have passed. Used by one thread. */
public final class Tally {
    /** Of text, about. */
    private static final int CHARACTERS_A_TOKEN = 4;

    private Usage usage = Usage.NONE;
    private long characters;
    private boolean told;
    private long begunNanos;

    /** A listener that counts what it passes on. */
    public LlmClient.Listener counting(LlmClient.Listener listener) {
        return event -> {
            count(event);
            listener.event(event);
        };
    }

    private void count(ChatEvent event) {
        if (begunNanos == 0) {
            begunNanos = System.nanoTime();
        }
        switch (event) {
            case ChatEvent.TextDelta(String text) -> characters += text.length();
            case ChatEvent.ReasoningDelta(String text) -> characters += text.length();
            case ChatEvent.ToolCallDelta call -> characters += call.name().length() + call.arguments().length();
            case ChatEvent.Finish finish -> used(finish.usage());
            case ChatEvent.ReasoningSignature _, ChatEvent.HiddenReasoning _, ChatEvent.Unknown _ -> {}
        }
    }

    /** The worker has told what was used. */
    public void used(Usage all) {
        usage = all;
        told = true;
    }

    /** When the first event passed, by {@link System#nanoTime}; 0: none has. */
    public long begunNanos() {
        return begunNanos;
    }

    /** As the worker has told; {@link Usage#NONE}: it has not. */
    public Usage usage() {
        return usage;
    }

    /** The output tokens that have passed without being told, about. */
    public long untold() {
        return told ? 0 : (characters + CHARACTERS_A_TOKEN - 1) / CHARACTERS_A_TOKEN;
    }
}
