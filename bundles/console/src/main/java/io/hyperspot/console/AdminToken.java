// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;

/**
 * The token in {@code <home>/data/admin-token}, readable by its owner only. It signs in once; a fresh
 * one takes its place, so that whoever can read the file can always sign in. Thread-safe.
 */
final class AdminToken {
    private final Path file;
    private final RandomToken tokens;

    AdminToken(Path file, RandomToken tokens) throws IOException {
        this.file = file;
        this.tokens = tokens;
        if (!Files.exists(file)) {
            renew();
        }
    }

    /** True for the current token, which is used up by that. */
    synchronized boolean redeem(String given) throws IOException {
        byte[] expected = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        boolean right = expected.length > 0 && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
        if (right) {
            renew();
        }
        return right;
    }

    private void renew() throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, tokens.next() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
