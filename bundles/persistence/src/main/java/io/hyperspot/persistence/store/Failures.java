// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.persistence.DatabaseException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of the driver or the pool means for a caller. */
final class Failures {
    private static final int PRIMARY_CODE = 0xff;

    private Failures() {}

    /** The driver's failure inside another, or null. */
    static @Nullable SQLException sql(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite;
            }
            if (cause instanceof SQLException other && other.getCause() == null) {
                return other;
            }
        }
        return null;
    }

    /** Another process holds the lock that is needed. */
    static boolean isBusy(SQLException failure) {
        return switch (primary(failure)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> true;
            default -> false;
        };
    }

    static DatabaseException of(SQLException failure) {
        if (failure instanceof SQLTransientConnectionException) {
            return unavailable("no database connection became free in time", failure);
        }
        return switch (primary(failure)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> busy(failure);
            case SQLITE_INTERRUPT -> deadline(failure);
            case SQLITE_CONSTRAINT -> constraint(failure);
            case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_PERM, SQLITE_READONLY, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB ->
                unavailable("the database cannot be used now", failure);
            default ->
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

    private static DatabaseException constraint(SQLException failure) {
        boolean unique = failure instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY);
        return unique
                ? new DatabaseException(ErrorCategory.ALREADY_EXISTS, "ALREADY_EXISTS", "this exists already", failure)
                : new DatabaseException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "CONSTRAINT_VIOLATED",
                        "something that this refers to does not exist, or a value is not allowed",
                        failure);
    }

    private static SQLiteErrorCode primary(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
    }
}
