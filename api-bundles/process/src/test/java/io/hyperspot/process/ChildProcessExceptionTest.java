// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.process.ChildProcessException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ChildProcessExceptionTest {
    @Test
    void tellsCallersWhenToTryAgain() {
        ProblemException problem = new ChildProcessException(
                        Kind.UNAVAILABLE, "exit code 134: secret path", "", Duration.ofMillis(1500), null)
                .toProblem("the local model");

        assertThat(problem.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(problem.context()).containsEntry("retry_after_seconds", 2L);
        assertThat(problem.detail()).contains("the local model").doesNotContain("secret");
    }

    @Test
    void mapsEveryKindToItsCategory() {
        assertThat(category(Kind.OVERLOADED)).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(category(Kind.CRASHED)).isEqualTo(ErrorCategory.BAD_UPSTREAM);
        assertThat(category(Kind.FAILED)).isEqualTo(ErrorCategory.BAD_UPSTREAM);
        assertThat(category(Kind.CANCELLED)).isEqualTo(ErrorCategory.CANCELLED);
    }

    private static ErrorCategory category(Kind kind) {
        return new ChildProcessException(kind, "why").toProblem("it").category();
    }
}
