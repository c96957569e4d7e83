// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Databases.Delivering;
import io.hyperspot.persistence.Message;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a transaction tells others leaves with it, on every database. */
class OutboxTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(Notes.A));

    @TempDir
    private Path home;

    private static final class Received implements MessageHandler {
        private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        private final AtomicInteger failures;

        Received(int failures) {
            this.failures = new AtomicInteger(failures);
        }

        @Override
        public String topic() {
            return "noted";
        }

        @Override
        public void handle(List<Delivery> batch) {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not now");
            }
            deliveries.addAll(batch);
        }

        List<String> numbers() {
            return deliveries.stream()
                    .map(delivery -> delivery.message().fields().get("number"))
                    .toList();
        }
    }

    private static Message message(TenantId tenant, int number) {
        return new Message("noted", tenant, Map.of("number", "" + number, "text", "a \"ß\"\n\u0001"));
    }

    private static void note(Database notes, int number) {
        notes.<String>write(OF_A, rows -> {
            rows.insert(Notes.note("n" + number, Notes.A, "body"));
            rows.publish(message(Notes.A, number));
            return "";
        });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void deliversWhatWasCommittedInOrderAndNothingElse(TestDatabase kind) throws Exception {
        PersistenceModule module = new PersistenceModule(home, kind.fresh());
        try {
            Database notes = module.open(Notes.MODULE, Notes.migrations());
            note(notes, 0);
            Received received = new Received(0);
            try (Delivering _ = module.deliver(received)) {
                for (int i = 1; i < 30; i++) {
                    note(notes, i);
                }
                assertThatThrownBy(() -> notes.<String>write(OF_A, rows -> {
                            rows.publish(message(Notes.A, 99));
                            throw new IllegalStateException("taken back");
                        }))
                        .hasMessage("taken back");
                assertThatThrownBy(() -> notes.<String>write(OF_A, rows -> {
                            rows.publish(message(Notes.B, 98));
                            return "";
                        }))
                        .isInstanceOf(ProblemException.class)
                        .hasMessageContaining("tenant");
                note(notes, 30);

                List<String> expected =
                        IntStream.rangeClosed(0, 30).mapToObj(String::valueOf).toList();
                await().untilAsserted(() -> assertThat(received.numbers()).isEqualTo(expected));
                assertThat(received.deliveries.getFirst().message()).isEqualTo(message(Notes.A, 0));
            }
        } finally {
            module.close();
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void deliversAgainWhatAHandlerFailedAtAndAfterARestart(TestDatabase kind) throws Exception {
        Map<String, String> place = kind.fresh();
        PersistenceModule first = new PersistenceModule(home, place);
        note(first.open(Notes.MODULE, Notes.migrations()), 1);
        Received failing = new Received(Integer.MAX_VALUE);
        Delivering abandoned = first.deliver(failing);
        await().until(() -> failing.failures.get() < Integer.MAX_VALUE);
        abandoned.close();
        first.close();

        PersistenceModule second = new PersistenceModule(home, place);
        try {
            Received received = new Received(2);
            try (Delivering _ = second.deliver(received)) {
                await().untilAsserted(() -> assertThat(received.numbers()).containsExactly("1"));
            }
        } finally {
            second.close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = TestDatabase.class, names = "SQLITE", mode = EnumSource.Mode.EXCLUDE)
    void oneNodeAtATimeHandlesATopicAndAnotherFollows(TestDatabase kind) throws Exception {
        Map<String, String> place = kind.fresh();
        PersistenceModule first = new PersistenceModule(home, place);
        PersistenceModule second = new PersistenceModule(home, place);
        try {
            Received here = new Received(0);
            Received there = new Received(0);
            Delivering one = first.deliver(here);
            note(first.open(Notes.MODULE, Notes.migrations()), 1);
            await().until(() -> here.numbers().size() == 1);
            try (Delivering _ = second.deliver(there)) {
                note(second.open(Notes.MODULE, Notes.migrations()), 2);
                await().until(() -> here.numbers().size() == 2);
                assertThat(there.numbers()).isEmpty();

                one.close();
                note(first.open(Notes.MODULE, Notes.migrations()), 3);
                await().untilAsserted(() -> assertThat(there.numbers()).containsExactly("3"));
            }
        } finally {
            second.close();
            first.close();
        }
    }
}
