// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;

final class ServerTest {
    @Test
    void saysThatNothingTellsOfReadinessAndWhereItWouldListen(@TempDir Path dir) throws Exception {
        Path home = dir.resolve("home");
        try (Server server = Server.start(empty(dir), home, Map.of())) {
            assertThat(server.awaitReady(Duration.ofMillis(50))).containsExactly("the observability bundle has not started");
            assertThat(server.context().getProperty("hyperspot.config")).isEqualTo(home.resolve("config/hyperspot.yaml").toString());
        }
    }

    @Test
    void publishesItsAddressWhileItRuns(@TempDir Path dir) throws Exception {
        Home home = new Home(dir.resolve("home"));
        try (Server server = Server.start(empty(dir), home.root(), Map.of())) {
            serve(server, List.of());

            assertThat(server.awaitReady(Duration.ofSeconds(10))).isEmpty();
            assertThat(home.address()).hasContent("http://127.0.0.1:9\n");
        }
        assertThat(home.address()).doesNotExist();
    }

    @Test
    void doesNotWaitForWhatHasFailed(@TempDir Path dir) throws Exception {
        try (Server server = Server.start(empty(dir), dir.resolve("home"), Map.of())) {
            serve(server, List.of("module web failed to start: port 80 is in use"));

            assertThat(server.awaitReady(Duration.ofHours(1))).containsExactly("module web failed to start: port 80 is in use");
        }
    }

    @Test
    void removesTheAddressThatAKilledServerLeft(@TempDir Path dir) throws Exception {
        Home home = new Home(dir.resolve("home"));
        home.create();
        Files.writeString(home.address(), "http://127.0.0.1:1");

        try (Server server = Server.start(empty(dir), home.root(), Map.of())) {
            assertThat(home.address()).doesNotExist();
            assertThat(server.missing()).isNotEmpty();
        }
    }

    @Test
    void saysWhatToDoWhenItIsNotInADistribution(@TempDir Path dir) {
        System.setProperty(Installation.PROPERTY, dir.toString());
        try {
            assertThatThrownBy(Installation::current)
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("no distribution at " + dir)
                    .hasMessageContaining("mvn package");
        } finally {
            System.clearProperty(Installation.PROPERTY);
        }
    }

    private static Path empty(Path dir) throws IOException {
        return new TinyDistribution(dir.resolve("dist")).build().root();
    }

    /** What the observability and web bundles register. */
    private static void serve(Server server, List<String> missing) {
        Supplier<List<String>> readiness = () -> missing;
        server.context().registerService(Supplier.class, readiness, FrameworkUtil.asDictionary(Map.of("hyperspot.readiness", "true")));
        server.context()
                .registerService(URI.class, URI.create("http://127.0.0.1:9"), FrameworkUtil.asDictionary(Map.of("hyperspot.web", "true")));
    }
}
