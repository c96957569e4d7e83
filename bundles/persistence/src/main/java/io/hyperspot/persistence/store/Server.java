// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database server and how to reach it.
 *
 * @param parameters the driver's, by its own names
 * @param user whose rights transactions have
 * @param owner who may change tables; null: the user
 * @param connectTimeout longest wait for a connection to the server
 * @param answerTimeout longest wait for an answer on a connection
 */
record Server(
        String host,
        int port,
        String database,
        Map<String, String> parameters,
        Login user,
        @Nullable Login owner,
        Duration connectTimeout,
        Duration answerTimeout) {
    /** An account of the server. */
    record Login(String name, String password) {
        @Override
        public String toString() {
            return name + ":***";
        }
    }

    boolean isOnThisMachine() {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("::1");
    }

    Login ownerOrUser() {
        return owner == null ? user : owner;
    }

    String place() {
        return host + ":" + port + "/" + database;
    }
}
