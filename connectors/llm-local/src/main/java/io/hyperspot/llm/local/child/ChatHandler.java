// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import io.hyperspot.process.child.Call;
import io.hyperspot.process.child.CallFailure;
import org.jspecify.annotations.Nullable;

/** Serves chat requests with one model in memory; a request for another exchanges it. */
final class ChatHandler {
    /** Each keeps a thread for ever; then a new process is better. */
    private static final int MAX_ABANDONED = 100;

    private @Nullable LoadedModel loaded;
    private int abandoned;

    void handle(Call call) throws Exception {
        ObjectNode request = call.request();
        LoadedModel model = model(call, LoadedModel.Key.of(request));
        if (call.isCancelled()) {
            return;
        }
        String prompt = model.prompt(request.path("messages"));
        int input = model.promptTokens(prompt);
        int room = model.context() - input;
        if (room < 1) {
            throw new CallFailure(
                    "CONTEXT_LENGTH_EXCEEDED",
                    "the messages have " + input + " tokens, but this model's context is " + model.context()
                            + " tokens with the answer; shorten them");
        }
        int limit = Math.min(room, request.path("max_tokens").asInt());
        InferenceParameters parameters = parameters(request, prompt, limit);
        Generation generation = new Generation(model.model(), call, limit);
        if (!generation.run(parameters, input, request.path("stop").size() > 0) && ++abandoned == MAX_ABANDONED) {
            call.retire();
        }
    }

    private LoadedModel model(Call call, LoadedModel.Key key) throws CallFailure {
        LoadedModel old = loaded;
        if (old != null && old.key().equals(key)) {
            return old;
        }
        loaded = null;
        if (old != null && abandoned == 0) {
            old.close();
        } else if (old != null) {
            // A thread still waits inside the old model: it cannot be freed but with the process.
            call.retire();
        }
        LoadedModel fresh = LoadedModel.load(key);
        loaded = fresh;
        return fresh;
    }

    private static InferenceParameters parameters(ObjectNode request, String prompt, int limit) {
        InferenceParameters parameters = new InferenceParameters(prompt).setNPredict(limit);
        JsonNode value = request.path("temperature");
        if (value.isNumber()) {
            parameters.setTemperature(value.floatValue());
        }
        value = request.path("top_p");
        if (value.isNumber()) {
            parameters.setTopP(value.floatValue());
        }
        value = request.path("presence_penalty");
        if (value.isNumber()) {
            parameters.setPresencePenalty(value.floatValue());
        }
        value = request.path("frequency_penalty");
        if (value.isNumber()) {
            parameters.setFrequencyPenalty(value.floatValue());
        }
        value = request.path("seed");
        if (value.isNumber()) {
            // A prompt that is partly in the cache is computed in other batches, with other rounding.
            parameters.setSeed(value.intValue()).setCachePrompt(false);
        }
        JsonNode stops = request.path("stop");
        if (!stops.isEmpty()) {
            String[] texts = new String[stops.size()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = LoadedModel.withoutControls(stops.path(i).asText());
            }
            parameters.setStopStrings(texts);
        }
        if (request.has("schema")) {
            parameters.setGrammar(
                    LlamaModel.jsonSchemaToGrammar(request.path("schema").toString()));
        }
        return parameters;
    }
}
