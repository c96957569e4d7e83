// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.itests.HyperSpotProcess.Result;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of tables are taken back by the command line while no server runs, and made again by the next start. */
final class RollbackTest {
    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    static Path home;

    private static Result db(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "db";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return HyperSpotProcess.run(home, all);
    }

    private static Result good(Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    @Test
    void takesBackWhatANewerVersionHasDoneToTheTables() throws Exception {
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            server.awaitGreeting(START);
            good(HyperSpotProcess.run(home, "roles", "create", "reader", "--permission", "gts.hyperspot.llm.*:read"));
            Result running = db("rollback", "authz", "--yes");
            assertThat(running.exitCode()).isEqualTo(1);
            assertThat(running.err()).contains("a server runs on this home; stop it first");
        }
        assertThat(good(db("status")).out()).containsPattern("authz +2 +2").containsPattern("outbox +1 +1");

        assertThat(good(db("rollback", "authz")).out()).contains("would be taken back by U2__generation.sql", "Nothing was done");
        assertThat(good(db("status")).out()).containsPattern("authz +2 +2");
        assertThat(good(db("rollback", "authz", "--yes")).out()).contains("taken back by U2__generation.sql");
        assertThat(good(db("rollback", "outbox", "--to", "0", "--yes")).out()).contains("taken back by U1__messages.sql");
        assertThat(good(db("status")).out()).containsPattern("authz +1 +2").containsPattern("outbox +- +1");

        Result unknown = db("rollback", "nobody", "--yes");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no module 'nobody' keeps data; there are: ", "authz");
        assertThat(db("rollback", "authz", "--to", "7").err()).contains("version 7 of authz is not applied; applied are 1");
        assertThat(db("rollback", "outbox").err()).contains("the module outbox has no tables in this database");

        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            server.awaitGreeting(START);
            assertThat(good(HyperSpotProcess.run(home, "roles", "list")).out()).as("what the older version knew stays").contains("reader");
        }
        assertThat(good(db("status")).out()).containsPattern("authz +2 +2");
    }
}
