// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The server cannot start; the message is for the operator and says what to do. */
public final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        this(message, null);
    }

    LaunchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What happened, in words: the message of some of these exceptions is a path and nothing else. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "no right to use " + denied.getFile();
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileAlreadyExistsException other -> other.getFile() + " is there and is not a folder";
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
