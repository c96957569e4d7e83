// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The database did not do what was asked. The category says why: UNAVAILABLE (an outage; try again),
 * DEADLINE_EXCEEDED, ALREADY_EXISTS (a key is taken), FAILED_PRECONDITION (another constraint), or
 * INTERNAL. The message names no table, file or value.
 */
public final class DatabaseException extends ProblemException {
    private static final long serialVersionUID = 1L;

    public DatabaseException(ErrorCategory category, String code, String detail, @Nullable Throwable cause) {
        super(category, code, detail, Map.of(), cause);
    }

    /** Whether the same call may succeed later without anybody changing it. */
    public boolean isOutage() {
        return category() == ErrorCategory.UNAVAILABLE || category() == ErrorCategory.DEADLINE_EXCEEDED;
    }
}
