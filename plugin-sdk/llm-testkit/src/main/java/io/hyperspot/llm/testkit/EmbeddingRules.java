// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Vectors. */
abstract class EmbeddingRules extends CallRules {
    @Test
    void givesOneVectorAnInputInTheirOrder() throws Exception {
        EmbeddingRequest request = embeddingRequest();
        int dimensions = listed(worker()).stream()
                .filter(model -> model.model().equals(request.model()))
                .mapToInt(ModelInfo::dimensions)
                .findFirst()
                .orElse(0);
        EmbeddingResult result = embed(worker(), request);
        EmbeddingResult reversed = embed(worker(), inputs(request, request.inputs().reversed()));

        assertThat(result.usage().input()).isNotNegative();
        assertThat(result.vectors()).hasSameSizeAs(request.inputs());
        int length = result.vectors().getFirst().length;
        assertThat(length).isPositive();
        if (dimensions > 0) {
            assertThat(length).as("as its model's dimensions say").isEqualTo(dimensions);
        }
        for (int i = 0; i < result.vectors().size(); i++) {
            float[] vector = result.vectors().get(i);
            assertThat(vector).hasSize(length);
            for (float value : vector) {
                assertThat(Float.isFinite(value)).isTrue();
            }
            float[] same = reversed.vectors().get(result.vectors().size() - 1 - i);
            assertThat(cosine(vector, same)).as("the same input at another place").isCloseTo(1, within(0.01));
            for (int j = 0; j < i; j++) {
                assertThat(cosine(vector, result.vectors().get(j))).as("other inputs").isLessThan(0.999);
            }
        }
    }

    @Test
    void refusesEmbeddingsThatNoModelGives() throws Exception {
        EmbeddingRequest good = embeddingRequest();
        problem(failure(inputs(good, List.of())), ErrorCategory.INVALID_ARGUMENT);
        problem(
                failure(new EmbeddingRequest(good.model(), good.inputs(), 0)), ErrorCategory.INVALID_ARGUMENT);
        problem(failure(new EmbeddingRequest(UNKNOWN, good.inputs(), null)), ErrorCategory.NOT_FOUND);
        assertThat(embed(worker(), good).vectors()).isNotEmpty();
    }

    @Test
    void refusesEmbeddingsWithoutAModelForThem() throws Exception {
        assumeFalse(find(worker(), Capability.EMBEDDINGS).isPresent(), "it computes vectors");
        String model = listed(worker()).getFirst().model();
        problem(failure(new EmbeddingRequest(model, List.of("a"), null)), ErrorCategory.INVALID_ARGUMENT);
    }

    @Test
    void computesNothingForACallerThatHasLeft() throws Exception {
        LlmWorker worker = worker();
        EmbeddingRequest request = embeddingRequest();
        Cancellation cancelled = new Cancellation();
        cancelled.cancel("the caller left");
        WorkerCall call = WorkerCall.start(worker, ignored -> worker.embed(CALLER, request, cancelled));
        problem(call.end(soon()), ErrorCategory.CANCELLED);
        frees();
    }

    private @Nullable Throwable failure(EmbeddingRequest request) throws Exception {
        LlmWorker worker = worker();
        return WorkerCall.start(worker, cancellation -> worker.embed(CALLER, request, cancellation)).end(LONG);
    }

    private static EmbeddingRequest inputs(EmbeddingRequest request, List<String> inputs) {
        return new EmbeddingRequest(request.model(), inputs, request.dimensions());
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
