// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.util.Collection;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.osgi.annotation.versioning.ProviderType;

/** What a scope may read and write, within one transaction. Used by the thread that got it only. */
@ProviderType
public interface Writing extends Reading {
    /**
     * Inserts a row.
     *
     * @throws io.hyperspot.modkit.ProblemException PERMISSION_DENIED when its tenant is missing or not
     *     one of the scope's
     * @throws DatabaseException ALREADY_EXISTS when its key is taken
     */
    void insert(TableRecord<?> row);

    /**
     * Inserts rows of one table in one exchange with the database.
     *
     * @throws io.hyperspot.modkit.ProblemException as {@link #insert}; nothing is written then
     * @throws DatabaseException as {@link #insert}
     */
    void insertAll(Collection<? extends TableRecord<?>> rows);

    /**
     * Inserts rows of one table in one exchange with the database; where a key is taken, adds to the row
     * that is there.
     *
     * @param sums the columns whose values are added; the others stay as they are
     * @throws IllegalArgumentException when the table names no primary key that {@code tenant_id} is part of
     * @throws io.hyperspot.modkit.ProblemException as {@link #insert}; nothing is written then
     */
    void addAll(Collection<? extends TableRecord<?>> rows, Collection<? extends Field<? extends Number>> sums);

    /**
     * Changes the rows of the scope that satisfy the condition to the values set in {@code changes}.
     *
     * @return how many rows were changed
     * @throws io.hyperspot.modkit.ProblemException PERMISSION_DENIED when the rows would move to a
     *     tenant outside the scope
     */
    int update(TableRecord<?> changes, Condition where);

    /**
     * Deletes the rows of the scope that satisfy the condition.
     *
     * @return how many rows were deleted
     */
    int delete(Table<? extends Record> table, Condition where);

    /**
     * Tells other modules, if and only if this transaction is committed: the message is written with it and
     * reaches its {@link MessageHandler} soon after.
     *
     * @throws io.hyperspot.modkit.ProblemException PERMISSION_DENIED when its tenant is not one of the
     *     scope's
     */
    void publish(Message message);
}
