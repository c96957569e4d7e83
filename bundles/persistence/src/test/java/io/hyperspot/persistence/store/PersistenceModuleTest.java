// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.TenantScope;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.slf4j.LoggerFactory;

@Timeout(60)
class PersistenceModuleTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));

    @TempDir
    private Path home;

    /** As the container makes it, with the given values and the defaults of the others. */
    private PersistenceModule start(Map<String, Object> values) {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, args) -> args[0].equals("hyperspot.home") ? home.toString() : null);
        PersistenceConfig config = (PersistenceConfig) Proxy.newProxyInstance(
                PersistenceConfig.class.getClassLoader(),
                new Class<?>[] {PersistenceConfig.class},
                (proxy, method, args) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
        return new PersistenceModule(context, config);
    }

    private static long count(Database database) {
        return database.<Long>read(OF_A, rows -> rows.from(NOTE).count());
    }

    @Test
    void keepsDataInTheHomeDirectoryAndOpensItAtTheFirstUse() {
        PersistenceModule module = start(Map.of());
        try {
            Database database = module.open(Notes.MODULE, Notes.migrations());
            assertThat(home.resolve("data")).doesNotExist();
            assertThat(module.health().state()).isEqualTo(State.UP);
            assertThat(count(database)).isZero();
            assertThat(home.resolve("data/hyperspot.db")).exists();
        } finally {
            module.close();
        }
    }

    @Test
    void keepsDataWhereItIsTold() {
        PersistenceModule module = start(Map.of("dsn", "sqlite:elsewhere/other.db"));
        try {
            assertThat(count(module.open(Notes.MODULE, Notes.migrations()))).isZero();
            assertThat(home.resolve("elsewhere/other.db")).exists();
        } finally {
            module.close();
        }
    }

    @Test
    void keepsDataInMemoryWhenToldSo() {
        PersistenceModule module = start(Map.of("dsn", "sqlite::memory:"));
        try {
            Database database = module.open(Notes.MODULE, Notes.migrations());
            database.<Void>write(OF_A, rows -> {
                rows.insert(Notes.note("1", A, "1"));
                return null;
            });
            assertThat(count(module.open(Notes.MODULE, Notes.migrations()))).isEqualTo(1);
            assertThat(home.resolve("data")).doesNotExist();
        } finally {
            module.close();
        }
        PersistenceModule other = start(Map.of("dsn", "sqlite::memory:"));
        try {
            assertThat(count(other.open(Notes.MODULE, Notes.migrations()))).isZero();
        } finally {
            other.close();
        }
    }

    @Test
    void logsSlowStatementsWithoutTheirValues() {
        Logger logger = (Logger) LoggerFactory.getLogger(SlowStatements.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        PersistenceModule module = start(Map.of("slow__statement__ms", 1));
        try {
            Database database = module.open(Notes.MODULE, Notes.migrations());
            String body = "a value of its own".repeat(200_000);
            database.<Void>write(OF_A, rows -> {
                rows.insert(Notes.note("1", A, body));
                return null;
            });
            assertThat(lines.list).isNotEmpty().allSatisfy(line -> assertThat(line.getFormattedMessage())
                    .startsWith("slow statement, ")
                    .contains("notes_note", "?")
                    .doesNotContain("a value of its own", A.toString()));
        } finally {
            module.close();
            logger.detachAppender(lines);
        }
    }

    @Test
    void namesTheKeyOfAWrongValue() {
        assertThatThrownBy(() -> start(Map.of("dsn", "oracle:x"))).hasMessageContaining("modules.persistence.dsn");
        assertThatThrownBy(() -> start(Map.of("dsn", "sqlite:"))).hasMessageContaining("modules.persistence.dsn");
        assertThatThrownBy(() -> start(Map.of("pool__size", 0))).hasMessageContaining("modules.persistence.pool_size");
        assertThatThrownBy(() -> start(Map.of("acquire__timeout__ms", 1))).hasMessageContaining("acquire_timeout_ms");
    }

    @Test
    void refusesModuleNamesThatCannotPrefixATable() {
        PersistenceModule module = start(Map.of());
        try {
            for (String name : new String[] {"", "Notes", "1notes", "no-tes", "x; drop table y", "x".repeat(31)}) {
                assertThatThrownBy(() -> module.open(name, Notes.migrations())).isInstanceOf(IllegalArgumentException.class);
            }
        } finally {
            module.close();
        }
    }

    @Test
    void noticesByItselfThatAnOutageIsOver() throws Exception {
        Path blocked = home.resolve("data");
        Files.writeString(blocked, "a file where a folder should be");
        PersistenceModule module = start(Map.of());
        try {
            Database database = module.open(Notes.MODULE, Notes.migrations());
            assertThatThrownBy(() -> count(database)).isInstanceOf(DatabaseException.class);
            assertThat(module.health().state()).isEqualTo(State.DOWN);
            Files.delete(blocked);
            await().atMost(Duration.ofSeconds(30)).until(() -> module.health().state() == State.UP);
        } finally {
            module.close();
        }
    }
}
