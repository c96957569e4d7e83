// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/**
 * The generated table classes are committed, because the generator does not run on every JDK that
 * Maven runs on. With {@code -Dschema.write=true} this writes them; else it proves that they are what
 * the migrations make.
 */
class SchemaTest {
    private static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0\n";
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration/security");
    private static final Path COMMITTED = Path.of("src/main/generated");

    @TempDir
    private Path folder;

    @Test
    void generatedClassesAreWhatTheMigrationsMake() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("schema.db");
        migrate(url);
        if (Boolean.getBoolean("schema.write")) {
            generate(url, COMMITTED);
        }
        Path fresh = folder.resolve("generated");
        generate(url, fresh);
        assertThat(sources(COMMITTED)).isEqualTo(sources(fresh));
    }

    private static void migrate(String url) throws IOException, SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        try (Connection connection = source.getConnection();
                var files = Files.list(MIGRATIONS)) {
            for (Path file : files.filter(SchemaTest::isForward).sorted().toList()) {
                try (var statement = connection.createStatement()) {
                    // SQLite's names for the types of Migration
                    statement.executeUpdate(Files.readString(file).replaceAll("\\$\\{(id|key|name|text)}", "text"));
                }
            }
        }
    }

    private static boolean isForward(Path migration) {
        return migration.getFileName().toString().startsWith("V");
    }

    private static void generate(String url, Path target) throws Exception {
        GenerationTool.generate(new Configuration()
                .withLogging(Logging.WARN)
                .withJdbc(new Jdbc().withDriver("org.sqlite.JDBC").withUrl(url))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.sqlite.SQLiteDatabase")
                                .withIncludes("security_api_key")
                                .withOutputSchemaToDefault(true))
                        .withGenerate(new Generate()
                                .withGeneratedAnnotation(true)
                                .withGeneratedAnnotationDate(false)
                                .withGeneratedAnnotationJooqVersion(false)
                                .withJavadoc(false)
                                .withComments(false)
                                .withKeys(false)
                                .withIndexes(false)
                                .withGlobalCatalogReferences(false)
                                .withGlobalSchemaReferences(false)
                                .withGlobalKeyReferences(false)
                                .withGlobalIndexReferences(false)
                                .withGlobalTableReferences(false)
                                .withDefaultCatalog(false)
                                .withDefaultSchema(false)
                                .withWhereMethodOverrides(false)
                                .withRenameMethodOverrides(false)
                                .withAsMethodOverrides(false))
                        .withTarget(new Target()
                                .withPackageName("io.hyperspot.security.keys.schema")
                                .withDirectory(target.toString()))));
        for (Path file : files(target)) {
            String source = Files.readString(file);
            if (!source.startsWith(LICENCE)) {
                Files.writeString(file, LICENCE + source.stripTrailing() + "\n");
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static SortedMap<String, String> sources(Path folder) throws IOException {
        SortedMap<String, String> sources = new TreeMap<>();
        for (Path file : files(folder)) {
            sources.put(folder.relativize(file).toString(), Files.readString(file));
        }
        return sources;
    }
}
