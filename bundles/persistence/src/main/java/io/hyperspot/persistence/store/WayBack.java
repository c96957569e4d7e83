// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.Migration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Takes the newest migrations of a module back, by the scripts that lie beside them: {@code U<version>__<words>.sql}. Each
 * statement of these ends with a semicolon at the end of its line.
 */
final class WayBack {
    private static final Pattern END = Pattern.compile(";[ \\t]*(?:\\R|$)");
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

    private final Store store;
    private final String history;
    private final String module;
    private final List<Migration> migrations;

    WayBack(Store store, String module, List<Migration> migrations) {
        this.store = store;
        this.module = module;
        this.history = module + "_schema_history";
        this.migrations = migrations;
    }

    /** The versions of the applied migrations, the newest first; none where the module has no tables. */
    List<String> applied() throws SQLException {
        try (Connection connection = store.direct().getConnection()) {
            return applied(connection);
        }
    }

    private List<String> applied(Connection connection) throws SQLException {
        List<MigrationVersion> versions = new ArrayList<>();
        if (store.engine().hasTable(connection, history)) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select version from " + history + " where type <> 'BASELINE'")) {
                while (rows.next()) {
                    versions.add(MigrationVersion.fromVersion(rows.getString(1)));
                }
            }
        }
        return versions.stream().sorted(Comparator.reverseOrder()).map(MigrationVersion::getVersion).toList();
    }

    /**
     * The scripts that bring a module back to a version, in their order.
     *
     * @param to stays; "0": nothing stays
     * @throws IllegalArgumentException when it was not applied, or a script is missing
     */
    List<Migration> scripts(String to) throws SQLException {
        List<String> applied = applied();
        if (applied.isEmpty()) {
            throw new IllegalArgumentException("the module " + module + " has no tables in this database");
        }
        if (!to.equals("0") && !applied.contains(to)) {
            throw new IllegalArgumentException("version " + to + " of " + module + " is not applied; applied are " + String.join(", ", applied.reversed()));
        }
        return applied.stream().takeWhile(version -> !version.equals(to)).map(this::script).toList();
    }

    private Migration script(String version) {
        return migrations.stream()
                .filter(migration -> migration.file().startsWith("U" + version.replace('.', '_') + "__"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this installation has no script that takes version " + version + " of " + module
                        + " back; roll back with the installation that applied it"));
    }

    /** Runs the scripts, each with the note of it in one transaction where the database can do that with tables. */
    void take(List<Migration> scripts) throws SQLException {
        try (Connection connection = store.direct().getConnection()) {
            store.engine().lockTables(connection);
            if (!store.engine().migrationStart().isEmpty()) {
                Sql.execute(connection, store.engine().migrationStart());
            }
            Set<String> still = new HashSet<>(applied(connection));
            for (Migration script : scripts) {
                String version = script.file().substring(1, script.file().indexOf("__")).replace('_', '.');
                if (still.contains(version)) {
                    take(connection, script, version);
                }
            }
        }
    }

    private void take(Connection connection, Migration script, String version) throws SQLException {
        boolean done = false;
        Sql.execute(connection, "BEGIN");
        try {
            for (String statement : statements(script)) {
                Sql.execute(connection, statement);
            }
            try (PreparedStatement forget = connection.prepareStatement("delete from " + history + " where version = ?")) {
                forget.setString(1, version);
                forget.executeUpdate();
            }
            Sql.execute(connection, "COMMIT");
            done = true;
        } finally {
            if (!done) {
                Sql.execute(connection, "ROLLBACK");
            }
        }
    }

    private List<String> statements(Migration script) {
        String sql = COMMENT.matcher(script.sql()).replaceAll("");
        for (Map.Entry<String, String> type : store.engine().types().entrySet()) {
            sql = sql.replace("${" + type.getKey() + "}", type.getValue());
        }
        return Stream.of(END.split(sql)).map(String::strip).filter(statement -> !statement.isEmpty()).toList();
    }
}
