// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.TenantScope;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/** MariaDB with InnoDB. */
final class MariaDb implements Engine {
    private static final double NANOS = 1e9;

    private final Server server;

    MariaDb(Server server) {
        this.server = server;
    }

    @Override
    public String place() {
        return "mariadb://" + server.place();
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.MARIADB;
    }

    @Override
    public DataSource open() throws SQLException {
        return source(server.user());
    }

    @Override
    public DataSource owner(DataSource opened) throws SQLException {
        return server.owner() == null ? opened : source(server.ownerOrUser());
    }

    private DataSource source(Server.Login login) throws SQLException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("connectTimeout", Long.toString(server.connectTimeout().toMillis()));
        parameters.put("socketTimeout", Long.toString(server.answerTimeout().toMillis()));
        // a password must not travel where anybody can read it
        parameters.put("sslMode", server.isOnThisMachine() ? "disable" : "verify-full");
        parameters.putAll(server.parameters());
        MariaDbDataSource source = new MariaDbDataSource("jdbc:mariadb://" + server.place() + "?"
                + parameters.entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
        source.setUser(login.name());
        source.setPassword(login.password());
        return source;
    }

    @Override
    public boolean oneWriter() {
        return false;
    }

    @Override
    public void begin(Connection connection, TenantScope scope, boolean write, long nanosLeft) throws SQLException {
        Sql.execute(
                connection,
                String.format(Locale.ROOT, "SET SESSION max_statement_time = %.3f", Math.max(0.001, nanosLeft / NANOS)));
        Sql.execute(connection, "SET TRANSACTION ISOLATION LEVEL " + (write ? "SERIALIZABLE" : "REPEATABLE READ"));
        Sql.execute(connection, write ? "START TRANSACTION" : "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }

    @Override
    public void interrupt(Connection connection) throws SQLException {
        // the server's own limit has passed too; this is for one that does not answer any more
        connection.abort(Runnable::run);
    }

    @Override
    public Failure failure(SQLException failure) {
        return switch (failure.getErrorCode()) {
            // ER_CHECKREAD, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK
            case 1020, 1205, 1213 -> Failure.BUSY;
            // ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT
            case 1317, 1969 -> Failure.DEADLINE;
            // ER_DUP_ENTRY
            case 1062 -> Failure.TAKEN;
            // too many connections, no access, no database, shutting down, disk full
            case 1040, 1203, 1044, 1045, 1049, 1053, 1021, 1114, 1290, 1927 -> Failure.OUTAGE;
            default -> byState(failure.getSQLState());
        };
    }

    private static Failure byState(@Nullable String state) {
        return switch (state == null ? "" : state.substring(0, Math.min(2, state.length()))) {
            case "23" -> Failure.CONSTRAINT;
            case "08" -> Failure.OUTAGE;
            default -> Failure.REFUSED;
        };
    }

    @Override
    public boolean hasTable(Connection connection, String name) throws SQLException {
        return Sql.exists(connection, "select 1 from information_schema.tables where table_schema = database() and table_name = ?", name);
    }

    @Override
    public void lockTables(Connection connection) throws SQLException {
        if (!Sql.holds(
                connection,
                "select get_lock(concat('hyperspot.', database()), "
                        + Math.max(1, server.answerTimeout().toSeconds() - 1) + ")")) {
            throw new SQLException("another process changes tables for too long", "HY000", 1205);
        }
    }

    @Override
    public Map<String, String> types() {
        // keys compare letter by letter, whatever the database's default is; an index holds 3072 bytes
        String ascii = ") character set ascii collate ascii_nopad_bin";
        return Map.of(
                "id", "varchar(64" + ascii,
                "key", "varchar(1024" + ascii,
                "name", "varchar(255) character set utf8mb4 collate utf8mb4_nopad_bin",
                "text", "longtext character set utf8mb4 collate utf8mb4_nopad_bin",
                "bytes", "longblob");
    }
}
