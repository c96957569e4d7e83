// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CrashTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));

    @TempDir
    private Path home;

    private static Store store(Path file) {
        return new Store(new Sqlite(file), 2, Duration.ofSeconds(2), Duration.ofSeconds(20));
    }

    private static Database notes(Store store) {
        return new ModuleDatabase(store, Notes.MODULE, new Migrations(Notes.MODULE, Notes.migrations()));
    }

    @Test
    void keepsWhatWasAcknowledgedWhenTheProcessIsKilled() throws Exception {
        Path file = home.resolve("hyperspot.db");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("written ")) {
                    acknowledged.add(line.substring("written ".length()));
                }
                if (acknowledged.size() == 40) {
                    // the handle leaves the stream open, so that what was acknowledged before is read
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(40);
        try (Store store = store(file)) {
            Database database = notes(store);
            List<String> kept = database.read(OF_A, rows -> Notes.ids(rows.from(NOTE).fetch()));
            assertThat(kept).containsAll(acknowledged);
            // each transaction writes a pair
            assertThat(kept.size() % 2).isZero();
            assertThat(database.<List<String>>read(
                            TenantScope.platform("integrity"),
                            rows -> rows.plain("pragma integrity_check", row -> row.getString(1))))
                    .containsExactly("ok");
        }
    }

    /** Writes until it is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            Database database = notes(store(Path.of(args[0])));
            for (int i = 0; ; i += 2) {
                String first = Integer.toString(i);
                String second = Integer.toString(i + 1);
                database.<Void>write(OF_A, rows -> {
                    rows.insert(Notes.note(first, A, first));
                    rows.insert(Notes.note(second, A, second));
                    return null;
                });
                System.out.println("written " + first);
                System.out.println("written " + second);
            }
        }
    }
}
