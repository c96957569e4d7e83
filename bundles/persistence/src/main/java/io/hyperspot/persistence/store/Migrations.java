// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Migration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Brings the tables of a module to the state that its migrations describe. Flyway does it; when the
 * history holds exactly the given migrations with their checksums, Flyway would find nothing to do,
 * and is not started: its classes would cost a tenth of the product's start.
 */
final class Migrations {
    private static final Pattern FILE = Pattern.compile("V(\\d+(?:[._]\\d+)*)__\\w+\\.sql");

    private final String module;
    private final String history;
    private final List<Migration> migrations;
    private final Map<String, Integer> expected = new HashMap<>();

    /**
     * @throws IllegalArgumentException for a file name that is no version
     */
    Migrations(String module, List<Migration> migrations) {
        this.module = module;
        this.history = module + "_schema_history";
        this.migrations = migrations.stream().filter(each -> !each.file().startsWith("U")).toList();
        for (Migration migration : this.migrations) {
            Matcher matcher = FILE.matcher(migration.file());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "a migration is called V<version>__<words>.sql, not " + migration.file());
            }
            expected.put(matcher.group(1).replace('_', '.'), checksum(migration.sql()));
        }
    }

    /**
     * @throws DatabaseException when a migration fails, was changed after it was applied, or is missing
     */
    void apply(Store store) throws SQLException {
        try (Connection connection = store.direct().getConnection()) {
            if (isApplied(store.engine(), connection)) {
                return;
            }
            // as long as this connection is open, no other node changes tables
            store.engine().lockTables(connection);
            if (!isApplied(store.engine(), connection)) {
                migrate(store);
                store.engine().migrated(connection, module);
            }
        }
    }

    private void migrate(Store store) {
        try {
            FlywayRun.migrate(store.direct(), store.engine(), history, migrations);
        } catch (RuntimeException e) {
            SQLException cause = Failures.sql(e);
            if (cause != null && Failures.meaning(store.engine(), cause) == Engine.Failure.BUSY) {
                throw Failures.busy(e);
            }
            throw new DatabaseException(
                    ErrorCategory.UNAVAILABLE,
                    "DATABASE_UNAVAILABLE",
                    "the tables of a module cannot be brought up to date; the server's log has the reason",
                    e);
        }
    }

    boolean isApplied(Engine engine, Connection connection) throws SQLException {
        if (!engine.hasTable(connection, history)) {
            return false;
        }
        Map<String, Integer> applied = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select version, checksum, success from " + history + " where type <> 'BASELINE'")) {
            while (rows.next()) {
                if (!rows.getBoolean("success") || rows.getString("version") == null) {
                    return false;
                }
                applied.put(rows.getString("version"), rows.getInt("checksum"));
            }
        }
        return applied.equals(expected);
    }

    /** Flyway's checksum of a script: CRC-32 over its lines without their ends. */
    private static int checksum(String sql) {
        CRC32 crc = new CRC32();
        try (BufferedReader reader = new BufferedReader(new StringReader(sql))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (int) crc.getValue();
    }
}
