// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.process.ChildJvm;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcesses;
import io.hyperspot.security.SecurityContext;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Chat by the GGUF models of a folder, in one child process that holds one model at a time. Calls
 * are served one after the other.
 */
@Component(
        service = {LlmWorker.class, HealthContributor.class},
        configurationPid = "llm-local")
@Designate(ocd = LocalConfig.class)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "hyperspot.llm.local.llama_cpp.v1")
public final class LocalLlmWorker implements LlmWorker, HealthContributor {
    private static final String MAIN = "io.hyperspot.llm.local.child.LlamaChild";
    private static final String SUBJECT = "the local model";
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.CHAT, Capability.STRUCTURED_OUTPUT);
    private static final Duration STOP_GRACE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelFolder folder;
    private final LocalConfig config;
    private final ChildProcess child;

    @Activate
    public LocalLlmWorker(BundleContext context, @Reference ChildProcesses processes, LocalConfig config) {
        this(folder(context, config), processes, config, work(context), () -> ChildJvm.extract(
                        context.getBundle(), MAIN)
                .command(work(context), List.of("-Xmx128m")));
    }

    LocalLlmWorker(
            Path models, ChildProcesses processes, LocalConfig config, Path work, Callable<List<String>> command) {
        this.config = config;
        this.folder = new ModelFolder(models, System::nanoTime);
        this.child = processes.supervise(new ChildProcesses.Spec(
                "llm-local",
                command,
                Map.of(),
                work,
                Duration.ofSeconds(config.load__timeout__seconds()),
                STOP_GRACE,
                Duration.ofSeconds(config.idle__stop__seconds()),
                config.max__pending()));
    }

    @Deactivate
    public void stop() {
        child.close();
    }

    @Override
    public String provider() {
        return "local";
    }

    @Override
    public List<ModelInfo> models() {
        return folder.models().keySet().stream()
                .map(model -> new ModelInfo(model, CAPABILITIES, config.context__tokens(), 0))
                .toList();
    }

    @Override
    public String name() {
        return "llm-local";
    }

    @Override
    public Health health() {
        String failure = child.lastFailure();
        if (!failure.isEmpty()) {
            return Health.degraded("the process of the local model failed: " + failure
                    + "; it is started again when it is needed");
        }
        return folder.models().isEmpty()
                ? Health.degraded("no local model: there is no *.gguf file in " + folder.folder()
                        + "; put one there, or run 'hyperspot models pull'")
                : Health.up();
    }

    @Override
    public void chat(
            SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        Path model = folder.models().get(request.model());
        if (model == null) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "MODEL_NOT_FOUND",
                    "there is no local model '" + request.model() + "'; there are: "
                            + String.join(", ", folder.models().keySet()));
        }
        byte[] call = ChildRequest.write(
                request, model, config.context__tokens(), config.max__tokens(), config.threads());
        try {
            child.call(call, json -> listener.event(event(JSON.readTree(json))), cancellation);
        } catch (ChildProcessException e) {
            throw problem(e, request.model());
        }
    }

    private static ChatEvent event(JsonNode json) {
        if (!json.has("finish")) {
            return new ChatEvent.TextDelta(json.path("text").asText());
        }
        ChatEvent.Reason reason =
                json.path("finish").asText().equals("length") ? ChatEvent.Reason.LENGTH : ChatEvent.Reason.STOP;
        return new ChatEvent.Finish(
                reason,
                new Usage(json.path("input").asLong(), 0, json.path("output").asLong(), 0));
    }

    private ProblemException problem(ChildProcessException e, String model) {
        if (e.kind() == ChildProcessException.Kind.OVERLOADED) {
            return new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "MODEL_BUSY",
                    "the local model has " + config.max__pending() + " calls waiting, as many as it may; try again",
                    Map.of("retry_after_seconds", 5L),
                    e);
        }
        String detail = String.valueOf(e.getMessage());
        return switch (e.code()) {
            case "CONTEXT_LENGTH_EXCEEDED", "TEMPLATE_FAILED" -> ChildRequest.invalid(e.code(), detail);
            case "MODEL_LOAD_FAILED" -> new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    e.code(),
                    "the model '" + model + "' cannot be loaded: " + detail,
                    Map.of("retry_after_seconds", 30L),
                    e);
            default -> e.toProblem(SUBJECT);
        };
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) {
        throw ChildRequest.invalid(
                "EMBEDDINGS_NOT_SUPPORTED",
                "local chat models do not compute embeddings; use local-embeddings/all-minilm-l6-v2");
    }

    private static Path folder(BundleContext context, LocalConfig config) {
        if (!config.models__dir().isBlank()) {
            return Path.of(config.models__dir());
        }
        @Nullable String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home, "models");
    }

    private static Path work(BundleContext context) {
        File work = context.getDataFile("work");
        if (work == null) {
            throw new IllegalStateException("the bundle has no data area");
        }
        return work.toPath();
    }
}
