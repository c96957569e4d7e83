// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.testkit.LlmWorkerContract;
import io.hyperspot.process.supervisor.ProcessSupervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Every rule of the contract, with a real process that plays the model. */
final class LocalLlmWorkerContractTest extends LlmWorkerContract {
    @TempDir
    static Path folder;

    private final ProcessSupervisor supervisor = new ProcessSupervisor(folder.resolve("logs"));

    private int opened;

    @AfterEach
    void stop() {
        supervisor.stop();
    }

    @Override
    protected LlmWorker open() throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        Files.writeString(models.resolve("parrot.gguf"), "GGUF");
        Path work = folder.resolve("work" + opened++);
        return Fixture.worker(models, supervisor, new Fixture.Config(512, 64, 32), work, TalkingChild.class.getName());
    }

    @Override
    protected void close(LlmWorker worker) {
        ((LocalLlmWorker) worker).stop();
    }

    @Override
    protected int parallelCalls() {
        // more than may wait
        return 40;
    }
}
