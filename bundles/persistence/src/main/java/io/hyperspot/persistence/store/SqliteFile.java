// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The database file: private to the operator's account, and opened always in the same way. */
final class SqliteFile {
    // another process may hold a lock; the wait is native and would hold a carrier thread, so that it
    // is short and repeated by us
    private static final int LOCK_WAIT_MS = 100;
    private static final int LARGEST_IDLE_LOG = 64 * 1024 * 1024;

    private SqliteFile() {}

    /**
     * @throws IOException when the file or its folder cannot be made
     */
    static DataSource open(Path file) throws IOException {
        create(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // in WAL mode NORMAL may lose acknowledged writes when the machine fails
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(LOCK_WAIT_MS);
        config.setJournalSizeLimit(LARGEST_IDLE_LOG);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (folder != null) {
            Files.createDirectories(folder, mode(posix, "rwx------"));
        }
        try {
            // SQLite gives the log and the index beside it the mode of the file
            Files.createFile(file, mode(posix, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            if (posix) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private static FileAttribute<?>[] mode(boolean posix, String permissions) {
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }
}
