// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.testkit.ComponentConfig;
import io.hyperspot.llm.testkit.LlmWorkerContract;
import io.hyperspot.process.ChildJvm;
import io.hyperspot.process.supervisor.OwnedProcesses;
import io.hyperspot.process.supervisor.ProcessSupervisor;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Every rule of the contract, with the real model. */
final class MiniLmWorkerContractTest extends LlmWorkerContract {
    private static final MiniLmConfig CONFIG = ComponentConfig.of(MiniLmConfig.class, Map.of("max_pending", 16));

    @TempDir
    static Path folder;

    private final ProcessSupervisor supervisor = new ProcessSupervisor(folder.resolve("logs"));

    @AfterEach
    void stop() {
        supervisor.stop();
    }

    @Override
    protected LlmWorker open() {
        return new MiniLmWorker(new OwnedProcesses("embeddings-minilm", supervisor), CONFIG, folder, () -> ChildJvm.ofClassPath(
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList(),
                        "io.hyperspot.embeddings.minilm.child.MiniLmChild")
                .command(folder, MiniLmWorker.options(folder, CONFIG)));
    }

    @Override
    protected void close(LlmWorker worker) {
        ((MiniLmWorker) worker).stop();
    }

    @Override
    protected int parallelCalls() {
        // more than may wait
        return 24;
    }
}
