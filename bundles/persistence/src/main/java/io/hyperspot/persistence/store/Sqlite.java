// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.TenantScope;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite: one file with a log beside it, or nothing but memory. */
final class Sqlite implements Engine {
    private static final int PRIMARY_CODE = 0xff;

    private final @Nullable Path file;
    private final String memory = "hyperspot-" + UUID.randomUUID();

    /**
     * @param file null: in memory, gone when the last connection is
     */
    Sqlite(@Nullable Path file) {
        this.file = file;
    }

    @Override
    public String place() {
        return file == null ? "in memory" : file.toString();
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.SQLITE;
    }

    @Override
    public DataSource open() throws IOException, SQLException {
        return file == null ? new SqliteMemory(memory) : SqliteFile.open(file);
    }

    @Override
    public boolean oneWriter() {
        return true;
    }

    @Override
    public long longestLifeMs() {
        return 0;
    }

    @Override
    public void begin(Connection connection, TenantScope scope, boolean write, long nanosLeft) throws SQLException {
        // the lock first: a transaction that reads and then wants to write cannot wait for another's
        Sql.execute(connection, write ? "BEGIN IMMEDIATE" : "BEGIN");
    }

    @Override
    public void interrupt(Connection connection) throws SQLException {
        connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
    }

    @Override
    public Failure failure(SQLException failure) {
        return switch (SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> Failure.BUSY;
            case SQLITE_INTERRUPT -> Failure.DEADLINE;
            case SQLITE_CONSTRAINT -> isTaken(failure) ? Failure.TAKEN : Failure.CONSTRAINT;
            case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_PERM, SQLITE_READONLY, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB ->
                Failure.OUTAGE;
            default -> Failure.REFUSED;
        };
    }

    private static boolean isTaken(SQLException failure) {
        return failure instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY);
    }

    @Override
    public boolean hasTable(Connection connection, String name) throws SQLException {
        return Sql.exists(connection, "select 1 from sqlite_master where type = 'table' and name = ?", name);
    }

    @Override
    public Map<String, String> types() {
        return Map.of("id", "text", "key", "text", "name", "text", "text", "text", "bytes", "blob");
    }
}
