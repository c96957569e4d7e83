package acme.echo;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.testkit.ComponentConfig;
import io.hyperspot.llm.testkit.LlmWorkerContract;
import java.util.Map;

/** What every LLM connector must do. */
final class EchoWorkerTest extends LlmWorkerContract {
    @Override
    protected LlmWorker open() {
        return new EchoWorker(ComponentConfig.of(EchoConfig.class, Map.of("prefix", "Polly: ")));
    }
}
