// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.spi.LlmWorker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Run by {@link RulesCatchViolationsTest} only: its name is not a test's. */
final class FlawedContract extends LlmWorkerContract {
    static volatile Flaw flaw = Flaw.NONE;

    @Override
    protected LlmWorker open() {
        Parrot.HELD.set(0);
        return new Parrot(flaw);
    }

    @Override
    protected Optional<ChatRequest> silentChatRequest() {
        return Optional.of(ChatRequest.of("parrot", List.of(Message.of(Role.USER, Parrot.SILENT))));
    }

    @Override
    protected int held() {
        return Parrot.HELD.get();
    }

    @Override
    protected Duration soon() {
        return Duration.ofSeconds(flaw == Flaw.NONE ? 10 : 1);
    }
}
