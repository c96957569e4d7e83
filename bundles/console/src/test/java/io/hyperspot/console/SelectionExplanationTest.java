// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.worker.Admission.Entry;
import io.hyperspot.modkit.worker.Admission.State;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SelectionExplanationTest {
    private static final UUID TENANT = UUID.fromString("00000000-0000-7000-8000-00000000000a");
    private static final String TYPE = "gts.hyperspot.llm.worker.v1~";

    private static Entry entry(String instance, int priority, String origin, State state, String reason) {
        return new Entry(TYPE, instance, priority, origin, 1, state, reason, 0);
    }

    private static String explain(@Nullable UUID tenant, Entry... entries) {
        return new SelectionExplanation(List.of(entries), tenant).text();
    }

    private static String explainTrial(@Nullable UUID tenant, String share) {
        return explain(
                tenant,
                entry("acme", 100, "acme 1.0.0", State.ADMITTED, "acme 1.1.0 gets " + share),
                entry("acme", 100, "acme 1.1.0", State.ADMITTED, "gets " + share + " of the requests"));
    }

    @Test
    void namesTheFirstAndWhyItIsFirst() {
        String text = explain(
                TENANT,
                entry("first", 10, "acme 1.0.0", State.ADMITTED, ""),
                entry("second", 20, "other 2.0.0", State.ADMITTED, ""));
        assertThat(text)
                .contains("For tenant " + TENANT)
                .contains("1. first, from acme 1.0.0: answers requests that name it, and those that name none, because it is first")
                .contains("2. second, from other 2.0.0: answers requests that name it (priority 20)")
                .contains("cannot be known");
    }

    @Test
    void saysWhyOthersDoNotAnswer() {
        String text = explain(
                null,
                entry("late", 10, "acme 1.0.0", State.PENDING, "its type is not registered"),
                entry("next", 10, "acme 1.1.0", State.STANDBY, "ready to take over"));
        assertThat(text)
                .contains("For any tenant", "No worker answers.")
                .contains("late, from acme 1.0.0, does not answer: PENDING, its type is not registered")
                .contains("next, from acme 1.1.0, does not answer: STANDBY, ready to take over");
        assertThat(explain(null, entry("half", 1, "acme 1.0.0", State.BROKEN, "acme/Missing")))
                .contains("1. half", "some of its calls fail: acme/Missing");
        assertThat(explain(null)).contains("There are no workers.");
    }

    @Test
    void leavesToChanceWhatAShareDecides() {
        assertThat(explainTrial(TENANT, "10 %"))
                .contains("acme 1.1.0 is being tried: by chance 10 % of the requests are its, acme 1.0.0 answers the others")
                .doesNotContain("2. ");
    }

    @Test
    void knowsTheTenantsOfATrial() {
        String share = "0 % and the tenants [" + TENANT + "]";
        assertThat(explainTrial(TENANT, share)).contains("acme 1.1.0 is being tried and answers all requests of this tenant");
        assertThat(explainTrial(new UUID(1, 2), share))
                .contains("acme 1.1.0 is being tried by other tenants only; acme 1.0.0 answers");
    }
}
