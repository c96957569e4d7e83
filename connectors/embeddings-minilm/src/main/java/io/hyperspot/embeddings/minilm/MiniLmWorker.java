// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.process.ChildJvm;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcesses;
import io.hyperspot.security.SecurityContext;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Vectors of 384 dimensions and length 1. A text longer than the model's 256 tokens is cut into
 * windows of that size, whose vectors are averaged by their token counts; at most 8192 tokens a text.
 * Usage counts the tokens of the texts, without the two that the model wants around each window.
 */
@Component(service = LlmWorker.class, configurationPid = "embeddings-minilm")
@Designate(ocd = MiniLmConfig.class)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "hyperspot.llm.minilm.all_minilm_l6_v2.v1")
public final class MiniLmWorker implements LlmWorker {
    private static final String MAIN = "io.hyperspot.embeddings.minilm.child.MiniLmChild";
    private static final String SUBJECT = "the embedding model";
    private static final int DIMENSIONS = 384;
    private static final ModelInfo MODEL =
            new ModelInfo("all-minilm-l6-v2", Set.of(Capability.EMBEDDINGS), 256, DIMENSIONS);
    private static final int MAX_INPUTS = 2_048;
    /** More cannot be within the limit of tokens. */
    private static final int MAX_CHARS = 200_000;
    /** What is sent at once: between two batches others get their turn. */
    private static final int BATCH_INPUTS = 64;

    private static final int BATCH_CHARS = 400_000;
    private static final Duration STOP_GRACE = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcess child;

    @Activate
    public MiniLmWorker(BundleContext context, @Reference ChildProcesses processes, MiniLmConfig config) {
        this(processes, config, work(context), () -> ChildJvm.extract(context.getBundle(), MAIN)
                .command(work(context), options(work(context), config)));
    }

    MiniLmWorker(ChildProcesses processes, MiniLmConfig config, Path work, Callable<List<String>> command) {
        child = processes.supervise(new ChildProcesses.Spec(
                "embeddings-minilm",
                command,
                // The tokenizer's library asks the network otherwise.
                Map.of("OPT_OUT_TRACKING", "true", "DJL_OFFLINE", "true"),
                work,
                Duration.ofSeconds(config.load__timeout__seconds()),
                STOP_GRACE,
                Duration.ofSeconds(config.idle__stop__seconds()),
                config.max__pending()));
    }

    static List<String> options(Path work, MiniLmConfig config) {
        return List.of("-Xmx192m", "-DDJL_CACHE_DIR=" + work.toAbsolutePath(), "-Dthreads=" + config.threads());
    }

    @Deactivate
    public void stop() {
        child.close();
    }

    @Override
    public String provider() {
        return "local-embeddings";
    }

    @Override
    public List<ModelInfo> models() {
        return List.of(MODEL);
    }

    @Override
    public void chat(
            SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation) {
        throw invalid("CHAT_NOT_SUPPORTED", "the model '" + MODEL.model() + "' computes embeddings; it cannot chat");
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        check(request);
        List<float[]> vectors = new ArrayList<>(request.inputs().size());
        long[] tokens = new long[1];
        int from = 0;
        while (from < request.inputs().size()) {
            int to = batchEnd(request.inputs(), from);
            try {
                child.call(
                        json(request.inputs().subList(from, to)),
                        event -> tokens[0] += read(event, vectors),
                        cancellation);
            } catch (ChildProcessException e) {
                throw problem(e);
            }
            if (vectors.size() != to) {
                throw new ProblemException(
                        ErrorCategory.BAD_UPSTREAM, "PROCESS_FAILED", SUBJECT + " gave too few vectors");
            }
            from = to;
        }
        return new EmbeddingResult(vectors, new Usage(tokens[0], 0, 0, 0));
    }

    private static void check(EmbeddingRequest request) {
        if (!request.model().equals(MODEL.model())) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "MODEL_NOT_FOUND",
                    "there is no model '" + request.model() + "' here; there is: " + MODEL.model());
        }
        Integer dimensions = request.dimensions();
        if (dimensions != null && dimensions != DIMENSIONS) {
            throw invalid(
                    "INVALID_DIMENSIONS",
                    "this model's vectors have " + DIMENSIONS + " dimensions, no other number; got " + dimensions);
        }
        if (request.inputs().isEmpty() || request.inputs().size() > MAX_INPUTS) {
            throw invalid(
                    "INVALID_INPUT",
                    "give 1 to " + MAX_INPUTS + " texts; got " + request.inputs().size());
        }
        for (int i = 0; i < request.inputs().size(); i++) {
            String input = request.inputs().get(i);
            if (input.isBlank()) {
                throw invalid("INVALID_INPUT", "the text with index " + i + " is empty");
            }
            if (input.length() > MAX_CHARS) {
                throw invalid("INPUT_TOO_LONG", "the text with index " + i + " has more than 8192 tokens; split it");
            }
        }
    }

    private static int batchEnd(List<String> inputs, int from) {
        int to = from;
        int chars = 0;
        while (to < inputs.size() && to - from < BATCH_INPUTS) {
            chars += inputs.get(to).length();
            if (to > from && chars > BATCH_CHARS) {
                break;
            }
            to++;
        }
        return to;
    }

    private static byte[] json(List<String> inputs) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode array = request.putArray("inputs");
        inputs.forEach(array::add);
        return JSON.writeValueAsBytes(request);
    }

    private static long read(byte[] event, List<float[]> vectors) throws IOException {
        JsonNode json = JSON.readTree(event);
        float[] vector = new float[DIMENSIONS];
        ByteBuffer.wrap(json.path("vector").binaryValue())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        vectors.add(vector);
        return json.path("tokens").asLong();
    }

    private static ProblemException problem(ChildProcessException e) {
        return e.code().equals("INPUT_TOO_LONG") ? invalid(e.code(), String.valueOf(e.getMessage())) : e.toProblem(SUBJECT);
    }

    private static ProblemException invalid(String code, String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, code, detail);
    }

    private static Path work(BundleContext context) {
        File work = context.getDataFile("work");
        if (work == null) {
            throw new IllegalStateException("the bundle has no data area");
        }
        return work.toPath();
    }
}
