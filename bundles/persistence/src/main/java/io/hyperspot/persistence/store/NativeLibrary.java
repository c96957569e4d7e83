// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked once beside the database. By itself the driver unpacks it at every
 * start into the folder for temporary files, which costs a twentieth of a start, and leaves a megabyte
 * there whenever the process is killed.
 */
final class NativeLibrary {
    private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private NativeLibrary() {}

    /** When this fails the driver finds its library in its own way. */
    static void unpack(Path folder) {
        if (System.getProperty(PATH) != null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        String source = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        // another version of the driver has another library
        String ours = "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + name;
        Path library = folder.resolve(ours).toAbsolutePath();
        try {
            if (!Files.exists(library)) {
                copy(source, library);
            }
        } catch (IOException e) {
            log.debug("the native library cannot be kept at {}", library, e);
            return;
        }
        System.setProperty(PATH, folder.toAbsolutePath().toString());
        System.setProperty(NAME, ours);
    }

    private static void copy(String source, Path library) throws IOException {
        try (InputStream in = SQLiteDataSource.class.getResourceAsStream(source)) {
            if (in == null) {
                throw new IOException("the driver has no " + source);
            }
            Files.createDirectories(library.getParent());
            Path fresh = Files.createTempFile(library.getParent(), "sqlite", ".new");
            try {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
    }
}
