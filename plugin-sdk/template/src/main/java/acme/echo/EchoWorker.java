package acme.echo;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.SecurityContext;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Answers with what it was told last, word by word. */
@Component(service = LlmWorker.class, configurationPid = "acme-echo")
@Designate(ocd = EchoConfig.class)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "acme.echo._.parrot.v1")
public final class EchoWorker implements LlmWorker {
    private static final ModelInfo PARROT = new ModelInfo("parrot", Set.of(ModelInfo.Capability.CHAT), 4096, 0);

    private final String prefix;

    @Activate
    public EchoWorker(EchoConfig config) {
        prefix = config.prefix();
    }

    @Override
    public String provider() {
        return "acme";
    }

    @Override
    public List<ModelInfo> models() {
        return List.of(PARROT);
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        request.validate();
        known(request.model());
        String[] words = (prefix + request.messages().getLast().text()).split("(?<= )");
        for (String word : words) {
            if (cancellation.isCancelled()) {
                throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "the caller left");
            }
            listener.event(new ChatEvent.TextDelta(word));
        }
        listener.event(new ChatEvent.Finish(
                ChatEvent.Reason.STOP, new Usage(words.length, 0, words.length, 0)));
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) {
        known(request.model());
        throw new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, "NOT_SUPPORTED", "the parrot talks; it makes no vectors");
    }

    private static void known(String model) {
        if (!model.equals(PARROT.model())) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND, "MODEL_NOT_FOUND", "there is only the model " + PARROT.model());
        }
    }
}
