// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.process.ChildJvm;
import io.hyperspot.process.supervisor.OwnedProcesses;
import io.hyperspot.process.supervisor.ProcessSupervisor;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.File;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A worker with a real supervisor and a real child. */
final class Fixture implements AutoCloseable {
    /** Small values; every test may have its own. */
    record Config(int contextTokens, int maxTokens, int maxPending) implements LocalConfig {
        @Override
        public String models__dir() {
            return "";
        }

        @Override
        public int context__tokens() {
            return contextTokens;
        }

        @Override
        public int max__tokens() {
            return maxTokens;
        }

        @Override
        public int max__pending() {
            return maxPending;
        }

        @Override
        public int threads() {
            return 0;
        }

        @Override
        public int idle__stop__seconds() {
            return 0;
        }

        @Override
        public int load__timeout__seconds() {
            return 120;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return LocalConfig.class;
        }
    }

    static final SecurityContext CALLER =
            new SecurityContext("tester", new TenantId(new UUID(0, 1)), List.of());

    final ProcessSupervisor supervisor;
    final LocalLlmWorker worker;

    Fixture(Path models, Path work, Config config) {
        supervisor = new ProcessSupervisor(work.resolve("logs"));
        worker = worker(models, supervisor, config, work, "io.hyperspot.llm.local.child.LlamaChild");
    }

    static LocalLlmWorker worker(Path models, ProcessSupervisor supervisor, Config config, Path work, String main) {
        return new LocalLlmWorker(models, new OwnedProcesses("llm-local", supervisor), config, work, () -> ChildJvm.ofClassPath(
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList(),
                        main)
                .command(work, List.of("-Xmx128m")));
    }

    List<ChatEvent> chat(ChatRequest request) throws Exception {
        List<ChatEvent> events = new ArrayList<>();
        worker.chat(CALLER, request, events::add, new Cancellation());
        return events;
    }

    static ChatRequest ask(String model, String question, int maxTokens) {
        return ChatRequest.builder(model, List.of(Message.of(Role.USER, question)))
                .maxTokens(maxTokens)
                .temperature(0.0)
                .seed(1L)
                .build();
    }

    static String text(List<ChatEvent> events) {
        StringBuilder text = new StringBuilder();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.TextDelta(String delta)) {
                text.append(delta);
            }
        }
        return text.toString();
    }

    static ChatEvent.Finish finish(List<ChatEvent> events) {
        return (ChatEvent.Finish) events.getLast();
    }

    @Override
    public void close() {
        worker.stop();
        supervisor.stop();
    }
}
