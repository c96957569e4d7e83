// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission.Entry;
import io.hyperspot.modkit.worker.Admission.State;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.modkit.worker.Selection.Answer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SelectionTest {
    private static final UUID TENANT = UUID.fromString("00000000-0000-7000-8000-00000000000a");
    private static final String TYPE = "gts.hyperspot.llm.worker.v1~";

    private static Entry entry(String instance, int priority, String origin, State state, String reason) {
        return new Entry(TYPE, instance, priority, origin, 1, state, reason, 0);
    }

    private static String explain(@Nullable UUID tenant, Entry... entries) {
        return Selection.of(List.of(entries), tenant).text();
    }

    private static String explainTrial(@Nullable UUID tenant, Share share) {
        return explain(
                tenant,
                entry("acme", 100, "acme 1.0.0", State.ADMITTED, "acme 1.1.0 gets " + share),
                new Entry(TYPE, "acme", 100, "acme 1.1.0", 2, State.ADMITTED, "gets " + share + " of the requests", share, 0));
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
        assertThat(explainTrial(TENANT, new Share(10, Set.of())))
                .contains("acme 1.1.0 is being tried: by chance 10 % of the requests are its, acme 1.0.0 answers the others")
                .doesNotContain("2. ");
    }

    @Test
    void knowsTheTenantsOfATrial() {
        Share share = new Share(0, Set.of(TENANT));
        assertThat(explainTrial(TENANT, share)).contains("acme 1.1.0 is being tried and answers all requests of this tenant");
        assertThat(explainTrial(new UUID(1, 2), share))
                .contains("acme 1.1.0 is being tried by other tenants only; acme 1.0.0 answers")
                .doesNotContain(TENANT.toString());
    }

    @Test
    void givesTheAnswersAsData() {
        List<Entry> workers = List.of(
                entry("acme", 100, "acme 1.0.0", State.ADMITTED, ""),
                new Entry(TYPE, "acme", 100, "acme 1.1.0", 2, State.BROKEN, "acme/Missing", new Share(30, Set.of(TENANT)), 0),
                entry("other", 200, "other 1.0.0", State.ADMITTED, ""));

        assertThat(Selection.of(workers, TENANT).answers())
                .containsExactly(
                        new Answer(TYPE, "acme", "acme 1.1.0", 100, true), new Answer(TYPE, "other", "other 1.0.0", 100, false));
        assertThat(Selection.of(workers, null).answers())
                .extracting(Answer::origin, Answer::percent)
                .containsExactly(tuple("acme 1.1.0", 30), tuple("acme 1.0.0", 70), tuple("other 1.0.0", 100));
    }

    @Test
    void explainsOneTypeOrOneInstance() {
        String chat = "gts.hyperspot.llm.gateway.worker.v1~";
        String search = "gts.hyperspot.search.gateway.worker.v1~";
        String second = chat + "acme.llm._.second.v1";
        List<Entry> workers = List.of(
                new Entry(chat, chat + "acme.llm._.first.v1", 1, "acme 1.0.0", 1, State.ADMITTED, "", 0),
                new Entry(chat, second, 2, "acme 1.0.0", 1, State.ADMITTED, "", 0),
                new Entry(search, search + "acme.find._.index.v1", 1, "find 1.0.0", 2, State.ADMITTED, "", 0));

        assertThat(Selection.of(workers, chat, TENANT).answers()).extracting(Answer::type).containsExactly(chat, chat);
        Selection one = Selection.of(workers, second, TENANT);
        assertThat(one.answers()).containsExactly(new Answer(chat, second, "acme 1.0.0", 100, false));
        assertThat(one.text()).contains("2. " + second + ", from acme 1.0.0: answers requests that name it (").doesNotContain("first.v1");
    }

    @Test
    void saysWhatIsWrongWithAnId() {
        List<Entry> workers = List.of(entry("acme", 100, "acme 1.0.0", State.ADMITTED, ""));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Selection.of(workers, "gts.acme", null))
                .satisfies(problem -> assertThat(problem.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT))
                .withMessageContaining("'gts.acme' is no GTS id");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Selection.of(workers, "gts.acme.llm.gateway.worker.v1~", null))
                .satisfies(problem -> assertThat(problem.category()).isEqualTo(ErrorCategory.NOT_FOUND))
                .withMessageContaining("no worker is of the type")
                .withMessageContaining(TYPE);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Selection.of(List.of(), "gts.acme.llm.gateway.worker.v1~acme.llm._.x.v1", null))
                .withMessageContaining("there are no workers");
    }
}
