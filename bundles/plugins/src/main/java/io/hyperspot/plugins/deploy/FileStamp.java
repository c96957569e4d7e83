// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a file was replaced or written since.
 *
 * @param key what the file system knows the file by, where it does
 */
record FileStamp(@Nullable Object key, FileTime modified, long size) {
    /**
     * @throws IOException when the file is gone
     */
    static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    boolean isStill(Path file) {
        try {
            return equals(of(file));
        } catch (IOException e) {
            return false;
        }
    }
}
