// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProblemExceptionTest {
    @Test
    void saysWhatItIsToProgramsAndToPeople() {
        ProblemException problem =
                new ProblemException(ErrorCategory.NOT_FOUND, "MODEL_UNKNOWN", "there is no model 'x'; list them with GET /models");

        assertThat(problem.category()).isEqualTo(ErrorCategory.NOT_FOUND);
        assertThat(problem.code()).isEqualTo("MODEL_UNKNOWN");
        assertThat(problem.detail()).isEqualTo(problem.getMessage()).startsWith("there is no model 'x'");
        assertThat(problem.context()).isEmpty();
        assertThat(problem).hasNoCause();
    }

    @Test
    void keepsItsContextAsItWasAndInItsOrder() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("retry_after_seconds", 30);
        context.put("limit", "requests");
        Exception cause = new IllegalStateException("secret detail");

        ProblemException problem = new ProblemException(ErrorCategory.RESOURCE_EXHAUSTED, "RATE", "slow down", context, cause);
        context.clear();

        assertThat(problem.context()).containsExactly(Map.entry("retry_after_seconds", 30), Map.entry("limit", "requests"));
        assertThatThrownBy(() -> problem.context().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(problem).hasCause(cause);
        assertThat(problem.detail()).doesNotContain("secret");
    }
}
