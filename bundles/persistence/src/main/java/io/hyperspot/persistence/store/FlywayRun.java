// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.Migration;
import java.io.Reader;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Flyway over migrations that are handed over: it looks for none itself. */
final class FlywayRun {
    private FlywayRun() {}

    static void migrate(DataSource source, Engine engine, String history, List<Migration> migrations) {
        Flyway.configure(FlywayRun.class.getClassLoader())
                .loggers("slf4j")
                .dataSource(source)
                .table(history)
                .resourceProvider(new Given(migrations.stream().map(Script::new).toList()))
                // another module's tables may be there before
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // a database that a newer version has migrated is not for this one
                .ignoreMigrationPatterns(new String[0])
                .placeholders(engine.types())
                .initSql(engine.migrationStart().isEmpty() ? null : engine.migrationStart())
                .cleanDisabled(true)
                .load()
                .migrate();
    }

    private record Given(List<Script> scripts) implements ResourceProvider {
        @Override
        public @Nullable LoadableResource getResource(String name) {
            return scripts.stream()
                    .filter(script -> script.getRelativePath().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return scripts.stream()
                    .filter(script -> script.getFilename().startsWith(prefix)
                            && Arrays.stream(suffixes).anyMatch(script.getFilename()::endsWith))
                    .map(LoadableResource.class::cast)
                    .toList();
        }
    }

    private static final class Script extends LoadableResource {
        private final Migration migration;

        Script(Migration migration) {
            this.migration = migration;
        }

        @Override
        public Reader read() {
            return new StringReader(migration.sql());
        }

        @Override
        public String getAbsolutePath() {
            return migration.file();
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return migration.file();
        }

        @Override
        public String getFilename() {
            return migration.file();
        }

        @Override
        public String getRelativePath() {
            return migration.file();
        }
    }
}
