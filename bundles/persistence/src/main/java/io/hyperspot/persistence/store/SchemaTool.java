// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Migration;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The tables of modules while no server runs. Loaded by the command line from this bundle, which it does not know
 * otherwise: it speaks in types of the platform only. Not thread-safe.
 */
public final class SchemaTool implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Store store;

    /**
     * @param home of the server
     * @param configuration the keys and values of the section {@code persistence}
     * @throws IllegalArgumentException for a configuration that is refused
     */
    public SchemaTool(Path home, Map<String, String> configuration) {
        store = new Store(PersistenceModule.engine(home, configuration), 1, PATIENCE, LONGEST);
    }

    /**
     * The versions of a module that are applied, the newest first; empty: it has no tables.
     *
     * @throws IllegalStateException when the database cannot be asked
     */
    public List<String> applied(String module) {
        return asked(() -> new WayBack(store, module, List.of()).applied());
    }

    /**
     * Takes back what is newer than a version.
     *
     * @param scripts by file name
     * @param to the version that stays; "0": none
     * @param really false: only says what would be done
     * @return the files of the scripts, in their order
     * @throws IllegalArgumentException when there is no way back to that version
     * @throws IllegalStateException when the database refuses it; what was taken back before stays so
     */
    public List<String> rollback(String module, Map<String, String> scripts, String to, boolean really) {
        List<Migration> all = scripts.entrySet().stream().map(each -> new Migration(each.getKey(), each.getValue())).toList();
        WayBack way = new WayBack(store, module, all);
        return asked(() -> {
            List<Migration> needed = way.scripts(to);
            if (really) {
                way.take(needed);
            }
            return needed.stream().map(Migration::file).toList();
        });
    }

    private interface Question {
        List<String> ask() throws SQLException;
    }

    private List<String> asked(Question question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new IllegalStateException("the database " + store.engine().place() + ": " + e.getMessage(), e);
        } catch (DatabaseException e) {
            throw new IllegalStateException("the database " + store.engine().place() + ": " + e.detail(), e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
