// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds what this server shows Vault, written by somebody else at any time. */
final class CredentialFile {
    private static final int MOST = 64 << 10;

    private final Path file;
    private final Problems problems;

    CredentialFile(String file, Problems problems) {
        this.file = Path.of(file);
        this.problems = problems;
    }

    /**
     * Reads it anew: what an agent has replaced within the tick of a file system's clock is found, too.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE
     */
    String read() {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST), StandardCharsets.UTF_8).strip();
            if (!text.isEmpty()) {
                return text;
            }
            throw unreadable("is empty");
        } catch (IOException e) {
            throw unreadable("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private RuntimeException unreadable(String why) {
        return problems.denied("the operator must give this server what it shows to Vault", "the file " + file + " " + why);
    }
}
