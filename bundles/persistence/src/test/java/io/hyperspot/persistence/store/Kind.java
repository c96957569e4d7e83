// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.nio.file.Path;
import java.time.Duration;

/** The databases on which every contract is tried. */
enum Kind {
    SQLITE,
    POSTGRESQL,
    MARIADB;

    /** A new, empty database. */
    Engine fresh(Path home) throws Exception {
        Duration answer = Duration.ofSeconds(65);
        return switch (this) {
            case SQLITE -> new Sqlite(home.resolve("data").resolve("hyperspot.db"));
            case POSTGRESQL -> Servers.freshPostgres(answer);
            case MARIADB -> Servers.freshMariaDb(answer);
        };
    }
}
