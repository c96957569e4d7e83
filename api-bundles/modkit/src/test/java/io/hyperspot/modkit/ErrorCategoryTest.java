// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.gts.GtsId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorCategoryTest {
    @ParameterizedTest
    @EnumSource
    void hasAnErrorStatusATitleAndATypeThatIsAGtsInstance(ErrorCategory category) {
        assertThat(category.status()).isBetween(400, 599);
        assertThat(category.title()).isNotBlank();
        assertThat(category.type()).startsWith("gts://");
        assertThat(GtsId.parse(category.type().substring("gts://".length())).toString())
                .endsWith(".v1")
                .startsWith("gts.hyperspot.core.errors.err.v1~");
    }

    @Test
    void tellsCategoriesApartByTypeAndTitle() {
        assertThat(Arrays.stream(ErrorCategory.values()).map(ErrorCategory::type)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(ErrorCategory.values()).map(ErrorCategory::title)).doesNotHaveDuplicates();
    }

    /** Clients rely on these. */
    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT,400", "UNAUTHENTICATED,401", "PERMISSION_DENIED,403", "NOT_FOUND,404", "ALREADY_EXISTS,409",
        "PRECONDITION_FAILED,412", "TOO_LARGE,413", "RESOURCE_EXHAUSTED,429", "CANCELLED,499", "INTERNAL,500",
        "BAD_UPSTREAM,502", "UNAVAILABLE,503", "DEADLINE_EXCEEDED,504"
    })
    void keepsItsStatus(ErrorCategory category, int status) {
        assertThat(category.status()).isEqualTo(status);
    }
}
