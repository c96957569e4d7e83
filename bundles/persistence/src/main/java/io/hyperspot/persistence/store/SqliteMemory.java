// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A database that all connections of this source share; one of them is kept, so that it lives on. */
final class SqliteMemory extends SQLiteDataSource implements AutoCloseable {
    private final Connection kept;

    SqliteMemory(String name) throws SQLException {
        super(config());
        setUrl("jdbc:sqlite:file:" + name + "?mode=memory&cache=shared");
        kept = getConnection();
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setSharedCache(true);
        config.enforceForeignKeys(true);
        return config;
    }

    @Override
    public void close() throws SQLException {
        kept.close();
    }
}
