// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each migration of each module works on each database, and so does its way back. */
class WayBackTest {
    private static final Path REPOSITORY = Path.of("..", "..");

    @TempDir
    private Path home;

    /** All migrations of the product, by module. */
    private static Map<String, List<Migration>> modules() throws IOException {
        Map<String, List<Migration>> modules = new TreeMap<>();
        for (String folder : List.of("bundles", "connectors")) {
            try (Stream<Path> projects = Files.list(REPOSITORY.resolve(folder))) {
                for (Path project : projects.sorted().toList()) {
                    Path migrations = project.resolve("src/main/resources/db/migration");
                    if (Files.isDirectory(migrations)) {
                        addModules(migrations, modules);
                    }
                }
            }
        }
        assertThat(modules).hasSizeGreaterThan(3);
        return modules;
    }

    private static void addModules(Path migrations, Map<String, List<Migration>> modules) throws IOException {
        try (Stream<Path> folders = Files.list(migrations)) {
            for (Path folder : folders.toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    List<Migration> all = files.sorted().map(WayBackTest::read).toList();
                    modules.put(folder.getFileName().toString(), all);
                }
            }
        }
    }

    private static Migration read(Path file) {
        try {
            return new Migration(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void everyMigrationCanBeTakenBackAndAppliedAgain(TestDatabase kind) throws Exception {
        Engine engine = PersistenceModule.engine(home, kind.fresh());
        try (Store store = new Store(engine, 2, Duration.ofSeconds(10), Duration.ofSeconds(60))) {
            for (Map.Entry<String, List<Migration>> module : modules().entrySet()) {
                String name = module.getKey();
                List<Migration> migrations = module.getValue();
                apply(store, name, migrations);
                takeBack(store, name, migrations);
                apply(store, name, migrations);
            }
        }
    }

    private static void apply(Store store, String name, List<Migration> migrations) {
        new ModuleDatabase(store, name, new Migrations(name, migrations))
                .<Boolean>read(TenantScope.platform("the test applies the migrations"), rows -> true);
    }

    private static void takeBack(Store store, String name, List<Migration> migrations) throws SQLException {
        WayBack way = new WayBack(store, name, migrations);
        List<String> applied = way.applied();
        assertThat(applied).as(name).hasSize((int) migrations.stream().filter(each -> each.file().startsWith("V")).count());
        // the newest alone, and then the rest
        way.take(way.scripts(applied.size() > 1 ? applied.get(1) : "0"));
        assertThat(way.applied()).as(name).isEqualTo(applied.subList(1, applied.size()));
        if (applied.size() > 1) {
            way.take(way.scripts("0"));
        }
        assertThat(way.applied()).as(name).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void leavesEverythingAsItWasWhenThereIsNoWholeWayBack(TestDatabase kind) throws Exception {
        Engine engine = PersistenceModule.engine(home, kind.fresh());
        try (Store store = new Store(engine, 2, Duration.ofSeconds(10), Duration.ofSeconds(60))) {
            WayBack nothing = new WayBack(store, Notes.MODULE, List.of());
            assertThatThrownBy(() -> nothing.scripts("0")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("has no tables");
            apply(store, Notes.MODULE, Notes.migrations());
            assertThatThrownBy(() -> nothing.scripts("0"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the installation that applied it");
            assertThatThrownBy(() -> nothing.scripts("7")).hasMessageContaining("version 7").hasMessageContaining("is not applied");
            List<String> before = nothing.applied();
            Migration broken = new Migration("U" + before.getFirst() + "__broken.sql", "drop table notes_nobody_has;\n");
            assertThatThrownBy(() -> nothing.take(List.of(broken))).isInstanceOf(SQLException.class);
            assertThat(nothing.applied()).isEqualTo(before);
        }
    }
}
