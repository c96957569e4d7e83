package fable.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.testkit.ComponentConfig;
import io.hyperspot.llm.testkit.LlmWorkerContract;
import io.hyperspot.llm.testkit.TestClients;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every LLM connector must do, and what this one does besides. */
final class FableWorkerTest extends LlmWorkerContract {
    private final TestClients clients = new TestClients();
    private final FableServer fable;

    FableWorkerTest() throws IOException {
        fable = new FableServer();
    }

    @AfterEach
    void stop() {
        fable.close();
    }

    @Override
    protected LlmWorker open() {
        return open(FableServer.KEY);
    }

    private FableWorker open(String key) {
        Map<String, Object> config = Map.of("base_url", fable.url(), "api_key", key);
        return new FableWorker(clients, ComponentConfig.of(FableConfig.class, config), Map.of("instance.name", "fable"));
    }

    @Override
    protected void close(LlmWorker worker) {
        ((FableWorker) worker).stop();
    }

    @Override
    protected ChatRequest longChatRequest() {
        return tell(FableServer.ENDLESS);
    }

    @Override
    protected Optional<ChatRequest> silentChatRequest() {
        return Optional.of(tell(FableServer.SILENT));
    }

    @Override
    protected int held() {
        return clients.inUse();
    }

    @Override
    protected boolean isOfTheTest(String threadName) {
        // Fable's own, and those of the JDK's client
        return threadName.isEmpty();
    }

    @Test
    void saysThatItsKeyIsRefusedWithoutTellingIt() {
        FableWorker worker = open("wrong-key");
        SecurityContext caller = new SecurityContext("user:test", TenantId.ROOT, List.of());
        assertThatThrownBy(() -> worker.chat(caller, tell("a tale"), event -> {}, new Cancellation()))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
                    assertThat(problem.detail()).contains("api_key").doesNotContain("wrong-key");
                });
        worker.stop();
    }

    private static ChatRequest tell(String what) {
        return ChatRequest.of("story", List.of(Message.of(Role.USER, what)));
    }
}
