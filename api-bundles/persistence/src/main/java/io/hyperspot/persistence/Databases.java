// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Where modules get at their data. An OSGi service, thread-safe. */
@ProviderType
public interface Databases {
    /**
     * The tables of a module. Does no I/O: the database is opened, and the migrations are applied, at
     * the first use.
     *
     * @param module lower-case, with underscores; the names of its tables begin with it and an
     *     underscore, and its migrations are recorded in {@code <module>_schema_history}
     * @param migrations all of the module's migrations, see {@link Migration#of}
     * @throws IllegalArgumentException for a malformed module name
     */
    Database open(String module, List<Migration> migrations);

    /**
     * Hands the messages of the handler's topic to it until closed, those first that wait already. On the
     * nodes that share a database, one at a time handles a topic.
     */
    Delivering deliver(MessageHandler handler);

    /** A handler at work. */
    @FunctionalInterface
    interface Delivering extends AutoCloseable {
        /** Waits for at most two seconds for messages that are being handled. */
        @Override
        void close();
    }
}
