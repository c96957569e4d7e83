// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local.child;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import io.hyperspot.process.child.CallFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** A model in memory. */
// Standard error is a child's only log.
@SuppressWarnings("CatchAndPrintStackTrace")
final class LoadedModel implements AutoCloseable {
    /**
     * What is in memory; a file that was replaced is another model.
     *
     * @param context tokens
     */
    record Key(Path file, FileTime modified, long size, int context, int threads) {
        static Key of(JsonNode request) throws CallFailure {
            Path file = Path.of(request.path("model").asText());
            try {
                return new Key(
                        file,
                        Files.getLastModifiedTime(file),
                        Files.size(file),
                        request.path("context").asInt(),
                        request.path("threads").asInt());
            } catch (IOException e) {
                throw new CallFailure("MODEL_LOAD_FAILED", "its file cannot be read");
            }
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    /**
     * Tokens of a prompt that are worked on at once. A cancellation takes effect between two batches:
     * small enough for that, large enough to lose little speed.
     */
    private static final int BATCH = 64;

    private final Key key;
    private final GgufHeader header;
    private final int context;
    private final LlamaModel model;

    private LoadedModel(Key key, GgufHeader header, int context, LlamaModel model) {
        this.key = key;
        this.header = header;
        this.context = context;
        this.model = model;
    }

    static LoadedModel load(Key key) throws CallFailure {
        try {
            GgufHeader header = GgufHeader.read(key.file());
            int trained = header.contextTokens();
            int context = trained > 0 ? Math.min(trained, key.context()) : key.context();
            int threads = key.threads() > 0 ? key.threads() : Runtime.getRuntime().availableProcessors();
            LlamaModel model = new LlamaModel(new ModelParameters()
                    .setModel(key.file().toString())
                    .setCtxSize(context)
                    .setBatchSize(BATCH)
                    .setUbatchSize(BATCH)
                    .setThreads(threads)
                    .setThreadsBatch(threads)
                    .setParallel(1)
                    .setGpuLayers(0)
                    .disableContextShift()
                    .enableJinja());
            return new LoadedModel(key, header, context, model);
        } catch (IOException e) {
            throw new CallFailure("MODEL_LOAD_FAILED", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw new CallFailure(
                    "MODEL_LOAD_FAILED", "llama.cpp refuses it; its file may be incomplete, or of a newer format");
        }
    }

    Key key() {
        return key;
    }

    /** Prompt and answer together, in tokens. */
    int context() {
        return context;
    }

    LlamaModel model() {
        return model;
    }

    /** Tokens of a whole prompt, the one before its beginning included. */
    int promptTokens(String prompt) {
        return model.encode(prompt).length + (header.addsBeginning() ? 1 : 0);
    }

    /**
     * The prompt by the model's own template; ChatML for a model without one.
     *
     * <p>The contents are put in afterwards: the template engine sees placeholders. Its result comes
     * through an interface that damages characters outside the basic plane.
     */
    String prompt(JsonNode messages) throws CallFailure {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode placeholders = request.putArray("messages");
        for (int i = 0; i < messages.size(); i++) {
            placeholders
                    .addObject()
                    .put("role", messages.path(i).path("role").asText())
                    .put("content", placeholder(i));
        }
        String prompt;
        try {
            prompt = model.applyTemplate(JSON.writeValueAsString(request));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw new CallFailure(
                    "TEMPLATE_FAILED", "the model's chat template does not take this sequence of messages");
        }
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (!prompt.contains(placeholder(i))) {
                throw new CallFailure(
                        "TEMPLATE_FAILED",
                        "the model's chat template leaves out the message with index " + i + ", of role "
                                + messages.path(i).path("role").asText());
            }
        }
        return fill(prompt, messages);
    }

    private static String placeholder(int index) {
        return "\uE000" + index + "\uE001";
    }

    /** In one pass, so that a content that looks like a placeholder stays what it is. */
    private static String fill(String prompt, JsonNode messages) {
        StringBuilder filled = new StringBuilder(prompt.length() + 1_024);
        int at = 0;
        for (int start = prompt.indexOf('\uE000'); start >= 0; start = prompt.indexOf('\uE000', at)) {
            int end = prompt.indexOf('\uE001', start);
            int index = Integer.parseInt(prompt, start + 1, end, 10);
            filled.append(prompt, at, start);
            filled.append(withoutControls(messages.path(index).path("content").asText()));
            at = end + 1;
        }
        return filled.append(prompt, at, prompt.length()).toString();
    }

    /** The library writes its own JSON, and does not escape them. */
    static String withoutControls(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(c < ' ' && c != '\n' && c != '\t' && c != '\r' ? ' ' : c);
        }
        return clean.toString();
    }

    @Override
    public void close() {
        model.close();
    }
}
