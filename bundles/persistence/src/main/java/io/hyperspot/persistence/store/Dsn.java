// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.nio.file.Path;

/** Where the database is, as an operator writes it. */
record Dsn(Path file) {
    private static final String SQLITE = "sqlite";

    /**
     * @throws IllegalArgumentException for anything that is not supported
     */
    static Dsn parse(String text, Path home) {
        if (text.equals(SQLITE)) {
            return new Dsn(home.resolve("data").resolve("hyperspot.db"));
        }
        if (text.startsWith(SQLITE + ":") && text.length() > SQLITE.length() + 1) {
            return new Dsn(home.resolve(text.substring(SQLITE.length() + 1)));
        }
        throw new IllegalArgumentException(
                "modules.persistence.dsn: write 'sqlite' or 'sqlite:<path>'; other databases are not supported yet");
    }
}
