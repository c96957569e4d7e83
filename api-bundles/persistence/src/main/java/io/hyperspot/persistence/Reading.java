// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jooq.Record;
import org.jooq.Table;
import org.osgi.annotation.versioning.ProviderType;

/** What a scope may read, within one transaction. Used by the thread that got it only. */
@ProviderType
public interface Reading {
    /** Reads one row of a plain query. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    TenantScope scope();

    /**
     * The rows of a table that belong to the scope's tenants.
     *
     * @throws IllegalArgumentException when the table is not the module's, or has no column {@code
     *     tenant_id} and the scope is not the platform's
     */
    <R extends Record> Rows<R> from(Table<R> table);

    /**
     * A constant query in plain SQL, for what the platform reads while the product starts, when the
     * classes of the query builder would cost more than the query.
     *
     * @throws IllegalStateException when the scope is not the platform's
     */
    <T> List<T> plain(String sql, RowReader<T> reader);
}
