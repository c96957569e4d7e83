// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.rates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.store.PersistenceModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What servers tell each other, over each kind of database. */
@Timeout(120)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class RateExchangeTest {
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    @TempDir
    private Path home;

    private final TestDatabase kind;
    private PersistenceModule persistence;
    private Database database;

    RateExchangeTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws Exception {
        persistence = new PersistenceModule(home, kind.fresh());
        List<Migration> migrations = new ArrayList<>();
        for (String file : List.of("V1__idempotency.sql", "V2__rates.sql")) {
            migrations.add(new Migration(file, Files.readString(Path.of("src/main/resources/db/migration/web", file))));
        }
        database = persistence.open("web", migrations);
    }

    @AfterEach
    void stop() {
        persistence.close();
    }

    private RateExchange server(Instant now) {
        return new RateExchange(database, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void tellsEachOtherServerOnce() {
        RateExchange a = server(START);
        RateExchange b = server(START);
        RateExchange c = server(START);
        assertThat(a.exchange(Map.of())).isEmpty();
        assertThat(c.exchange(Map.of())).isEmpty();
        assertThat(b.exchange(Map.of("tenant\n1", 3L, "tenant\n2", 1L))).isEmpty();
        assertThat(b.exchange(Map.of("tenant\n1", 4L))).isEmpty();
        assertThat(a.exchange(Map.of("tenant\n1", 10L))).containsOnly(Map.entry("tenant\n1", 7L), Map.entry("tenant\n2", 1L));
        assertThat(a.exchange(Map.of())).isEmpty();
        assertThat(b.exchange(Map.of())).containsOnly(Map.entry("tenant\n1", 10L));
        assertThat(c.exchange(Map.of())).containsOnly(Map.entry("tenant\n1", 17L), Map.entry("tenant\n2", 1L));
    }

    @Test
    void tellsAServerThatStartsNothingOfWhatWasBefore() {
        RateExchange a = server(START);
        a.exchange(Map.of("x", 1L));
        RateExchange b = server(START);
        assertThat(b.exchange(Map.of())).isEmpty();
        a.exchange(Map.of("x", 2L));
        assertThat(b.exchange(Map.of())).containsOnly(Map.entry("x", 2L));
    }

    @Test
    void losesAndDoublesNothingWhenAllTellAtOnce() throws Exception {
        int servers = 4;
        int rounds = 20;
        List<RateExchange> all = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            all.add(server(START));
            all.getLast().exchange(Map.of());
        }
        List<Callable<Long>> work = new ArrayList<>();
        for (RateExchange server : all) {
            work.add(() -> {
                long heard = 0;
                for (int i = 0; i < rounds; i++) {
                    heard += server.exchange(Map.of("x", 1L)).getOrDefault("x", 0L);
                }
                return heard;
            });
        }
        List<Future<Long>> done;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            done = threads.invokeAll(work);
        }
        for (int i = 0; i < servers; i++) {
            long heard = done.get(i).get() + all.get(i).exchange(Map.of()).getOrDefault("x", 0L);
            assertThat(heard).isEqualTo((servers - 1L) * rounds);
        }
    }

    @Test
    void keepsNothingThatEverybodyKnows() {
        server(START).exchange(Map.of("x", 1L));
        server(START.plus(Duration.ofMinutes(5))).exchange(Map.of("y", 1L));
        List<UseTable.Row> rows = database.<List<UseTable.Row>>read(
                TenantScope.platform("the test looks"),
                reading -> reading.from(UseTable.USE).where(UseTable.USE.tick.gt(0L)).fetch());
        assertThat(rows).hasSize(1);
        assertThat(Use.read(rows.getFirst().get(UseTable.USE.used))).containsOnlyKeys("y");
    }

    @Test
    void countsNothingThatCannotBeRead() {
        assertThat(Use.read(new byte[] {0, 0, 0, 9, 1})).isEmpty();
        assertThat(Use.read(new byte[0])).isEmpty();
    }

    @Test
    void failsWithoutADatabase() {
        RateExchange a = server(START);
        a.exchange(Map.of());
        persistence.close();
        assertThatThrownBy(() -> a.exchange(Map.of("x", 1L))).isInstanceOf(DatabaseException.class);
    }
}
