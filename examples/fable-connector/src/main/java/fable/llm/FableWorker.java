package fable.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.SecurityContext;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One endpoint of Fable. */
@Component(
        service = LlmWorker.class,
        configurationPid = "fable-llm",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FableConfig.class, factory = true)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "fable.llm._.{name}.v1")
public final class FableWorker implements LlmWorker {
    private static final int MAX_LINE = 1 << 20;

    private final ObjectMapper json = new ObjectMapper();
    private final String provider;
    private final List<ModelInfo> models;
    private final List<Header> headers;
    private final FableProblems problems;
    private final ProviderClient client;

    @Activate
    public FableWorker(@Reference ProviderClients clients, FableConfig config, Map<String, Object> properties) {
        provider = properties.get("instance.name") instanceof String name ? name : "fable";
        models = Stream.of(config.models())
                .distinct()
                .map(model -> new ModelInfo(model, Set.of(ModelInfo.Capability.CHAT), 0, 0))
                .toList();
        headers = List.of(new Header("X-Fable-Key", config._api__key()), new Header("Content-Type", "application/json"));
        problems = new FableProblems(provider);
        Duration timeout = Duration.ofSeconds(config.timeout__seconds());
        client = clients.open(new ProviderClients.Settings(
                provider,
                URI.create(config.base__url()),
                Duration.ofSeconds(5),
                timeout,
                timeout,
                Duration.ofMinutes(30),
                1_000,
                ProviderClients.Retries.DEFAULT,
                ProviderClients.Breaking.DEFAULT));
    }

    @Deactivate
    public void stop() {
        client.close();
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public List<ModelInfo> models() {
        return models;
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        request.validate();
        byte[] body = json.writeValueAsBytes(body(request));
        try (ProviderResponse answer =
                client.send(new ProviderClient.Request("POST", "/tales", headers, body), cancellation)) {
            if (answer.status() != 200) {
                throw problems.ofStatus(answer.status());
            }
            read(answer, listener);
        } catch (UpstreamException e) {
            throw problems.of(e);
        }
    }

    private ObjectNode body(ChatRequest request) {
        ObjectNode body = json.createObjectNode().put("model", request.model());
        for (Message message : request.messages()) {
            body.withArray("lines")
                    .addObject()
                    .put("who", message.role().name().toLowerCase(Locale.ROOT))
                    .put("text", message.text());
        }
        if (request.maxTokens() != null) {
            body.put("limit", request.maxTokens());
        }
        return body;
    }

    /** A JSON object a line: pieces of the text, then the end. */
    private void read(ProviderResponse answer, LlmClient.Listener listener) throws Exception {
        byte[] buffer = new byte[4096];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int count = answer.read(buffer, 0, buffer.length); count >= 0; count = answer.read(buffer, 0, buffer.length)) {
            for (int i = 0; i < count; i++) {
                if (buffer[i] != '\n') {
                    line.write(buffer[i]);
                    continue;
                }
                JsonNode event = json.readTree(line.toByteArray());
                line.reset();
                if (event.has("end")) {
                    listener.event(finish(event));
                    return;
                }
                listener.event(new ChatEvent.TextDelta(event.path("piece").asText()));
            }
            if (line.size() > MAX_LINE) {
                throw problems.garbage();
            }
        }
        throw problems.garbage();
    }

    private static ChatEvent.Finish finish(JsonNode event) {
        return new ChatEvent.Finish(
                event.path("end").asText().equals("limit") ? ChatEvent.Reason.LENGTH : ChatEvent.Reason.STOP,
                new Usage(event.path("read").asLong(), 0, event.path("told").asLong(), 0));
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) {
        throw problems.of(ErrorCategory.INVALID_ARGUMENT, "NOT_SUPPORTED", "has no models for embeddings");
    }
}
