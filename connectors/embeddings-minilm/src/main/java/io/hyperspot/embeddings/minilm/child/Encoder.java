// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm.child;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text to vector. Not thread-safe. */
final class Encoder {
    static final int MAX_TOKENS = 8_192;
    private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
    /** As sentence-transformers does for this model, with the two tokens around them. */
    private static final int WINDOW = 254;

    private static final long BEGIN = 101;
    private static final long END = 102;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;

    private Encoder(OrtEnvironment environment, OrtSession session, HuggingFaceTokenizer tokenizer) {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
    }

    /**
     * Loads the model.
     *
     * @param threads 0: one a processor, at most 4
     */
    static Encoder load(int threads) throws IOException, OrtException {
        Natives.useUnpacked();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        environment.setTelemetry(false);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        int processors = Math.min(4, Runtime.getRuntime().availableProcessors());
        options.setIntraOpNumThreads(threads > 0 ? threads : processors);
        options.setInterOpNumThreads(1);
        // Threads that wait would otherwise spin.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        try (InputStream model = resource(MODEL);
                InputStream vocabulary = resource(TOKENIZER)) {
            OrtSession session = environment.createSession(model.readAllBytes(), options);
            // The vocabulary's file asks for truncation to 128 tokens.
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                    vocabulary, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
            return new Encoder(environment, session, tokenizer);
        }
    }

    private static InputStream resource(String name) throws IOException {
        @Nullable InputStream resource = Encoder.class.getResourceAsStream(name);
        if (resource == null) {
            throw new IOException("no " + name + " on the class path");
        }
        return resource;
    }

    /** The word pieces of the text, nothing around them. */
    long[] tokens(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    /** The text's vector, of length 1; of a long text the average over its windows. */
    float[] vector(long[] tokens) throws OrtException {
        float[] sum = new float[0];
        int from = 0;
        do {
            int to = Math.min(from + WINDOW, tokens.length);
            float[] part = normalised(window(Arrays.copyOfRange(tokens, from, to)));
            if (sum.length == 0) {
                sum = new float[part.length];
            }
            int weight = Math.max(1, to - from);
            for (int d = 0; d < sum.length; d++) {
                sum[d] += part[d] * weight;
            }
            from = to;
        } while (from < tokens.length);
        return normalised(sum);
    }

    private float[] window(long[] tokens) throws OrtException {
        int length = tokens.length + 2;
        long[] ids = new long[length];
        ids[0] = BEGIN;
        System.arraycopy(tokens, 0, ids, 1, tokens.length);
        ids[length - 1] = END;
        long[] mask = new long[length];
        Arrays.fill(mask, 1);
        long[] shape = {1, length};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor typeTensor =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[length]), shape)) {
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            inputs.put("input_ids", idTensor);
            inputs.put("attention_mask", maskTensor);
            inputs.put("token_type_ids", typeTensor);
            inputs.keySet().retainAll(session.getInputNames());
            try (OrtSession.Result result = session.run(inputs)) {
                return mean(((float[][][]) result.get(0).getValue())[0]);
            }
        }
    }

    private static float[] mean(float[][] states) {
        float[] mean = new float[states[0].length];
        for (float[] state : states) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += state[d] / states.length;
            }
        }
        return mean;
    }

    private static float[] normalised(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        float length = (float) Math.max(Math.sqrt(square), 1e-12);
        float[] normalised = new float[vector.length];
        for (int d = 0; d < vector.length; d++) {
            normalised[d] = vector[d] / length;
        }
        return normalised;
    }
}
