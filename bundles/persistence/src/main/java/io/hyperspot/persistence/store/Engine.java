// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.TenantScope;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jooq.SQLDialect;

/** A kind of database: how it is opened, how a transaction begins, and what its failures mean. Thread-safe. */
interface Engine {
    /** What a failure of the driver means. */
    enum Failure {
        /** Somebody else was at work on the same; the same transaction may succeed when it is repeated. */
        BUSY,
        DEADLINE,
        /** A key is taken. */
        TAKEN,
        CONSTRAINT,
        OUTAGE,
        REFUSED
    }

    /** Where it is, for people; without a credential. */
    String place();

    SQLDialect dialect();

    /**
     * Connections for transactions; none is made yet.
     *
     * @throws IOException when the place cannot be used
     */
    DataSource open() throws IOException, SQLException;

    /**
     * Connections that may change tables.
     *
     * @param opened what {@link #open} gave
     */
    default DataSource owner(DataSource opened) throws SQLException {
        return opened;
    }

    /** Whether one transaction writes at a time, and the others wait in order. */
    boolean oneWriter();

    /** Milliseconds after which a pooled connection is replaced; 0: never. */
    default long longestLifeMs() {
        return TimeUnit.MINUTES.toMillis(30);
    }

    /** Begins a transaction that sees one state of the data, and that nobody else's can mix with. */
    void begin(Connection connection, TenantScope scope, boolean write, long nanosLeft) throws SQLException;

    /** Ends what is at work on a connection, from another thread, without waiting for it. */
    void interrupt(Connection connection) throws SQLException;

    Failure failure(SQLException failure);

    boolean hasTable(Connection connection, String name) throws SQLException;

    /** The column types that migrations name, for example {@code id} for {@code ${id}}. */
    Map<String, String> types();

    /** Waits until no other process changes tables, and keeps others from it until the connection is closed. */
    default void lockTables(Connection connection) throws SQLException {}

    /** A statement that opens each connection of a migration. */
    default String migrationStart() {
        return "";
    }

    /** After the tables of a module were made or changed. */
    default void migrated(Connection connection, String module) throws SQLException {}
}
