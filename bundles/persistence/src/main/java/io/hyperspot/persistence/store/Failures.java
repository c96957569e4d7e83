// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.store.Engine.Failure;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a failure of the driver or the pool means for a caller. */
final class Failures {
    private Failures() {}

    /** The driver's failure inside another, or null. */
    static @Nullable SQLException sql(Throwable failure) {
        SQLException deepest = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                deepest = sql;
            }
        }
        return deepest;
    }

    /** What a failure of the driver or of the pool means; the pool has no states of a database. */
    static Failure meaning(Engine engine, SQLException failure) {
        SQLException cause = Objects.requireNonNullElse(sql(failure), failure);
        return cause instanceof SQLTransientConnectionException && cause.getSQLState() == null
                ? Failure.OUTAGE
                : engine.failure(cause);
    }

    static DatabaseException of(Engine engine, SQLException failure) {
        return switch (meaning(engine, failure)) {
            case BUSY -> busy(failure);
            case DEADLINE -> deadline(failure);
            case TAKEN ->
                new DatabaseException(ErrorCategory.ALREADY_EXISTS, "ALREADY_EXISTS", "this exists already", failure);
            case CONSTRAINT ->
                new DatabaseException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "CONSTRAINT_VIOLATED",
                        "something that this refers to does not exist, or a value is not allowed",
                        failure);
            case OUTAGE -> unavailable("the database cannot be used now", failure);
            case REFUSED ->
                new DatabaseException(ErrorCategory.INTERNAL, "DATABASE_ERROR", "the database refused a statement", failure);
        };
    }

    static DatabaseException unavailable(String detail, @Nullable Throwable cause) {
        return new DatabaseException(
                ErrorCategory.UNAVAILABLE, "DATABASE_UNAVAILABLE", detail + "; try again in a moment", cause);
    }

    static DatabaseException busy(@Nullable Throwable cause) {
        return new DatabaseException(
                ErrorCategory.UNAVAILABLE, "DATABASE_BUSY", "the database is busy; try again in a moment", cause);
    }

    static DatabaseException deadline(@Nullable Throwable cause) {
        return new DatabaseException(
                ErrorCategory.DEADLINE_EXCEEDED, "DATABASE_TIMEOUT", "the database did not answer in time", cause);
    }
}
