// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file, changed while the server runs. */
final class ConfigurationTest {
    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(home, provider.yaml("mock"));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        provider.close();
    }

    private static String configHealth() throws Exception {
        return server.send("GET", "/health/ready", null, null).json().at("/parts/config/reason").asText();
    }

    @Test
    void refusesAMistakeAsAWholeAndKeepsTheRunningConfiguration() throws Exception {
        server.configure(provider.yaml("mock").replace("allow_unlisted", "allow_unlistd"));
        await().atMost(Duration.ofSeconds(10)).until(() -> configHealth().contains("allow_unlistd"));
        assertThat(configHealth())
                .contains("hyperspot.yaml:4")
                .contains("did you mean 'allow_unlisted'?")
                .doesNotContain(FakeProvider.KEY);
        assertThat(server.post("/openai/v1/chat/completions", TestServer.chat("mock/plain", "hi")).status())
                .isEqualTo(200);
        server.configure(provider.yaml("mock"));
        await().atMost(Duration.ofSeconds(10)).until(() -> configHealth().isEmpty());
    }

    @Test
    void namesAWrongTypeAndALineThatIsNoYaml() throws Exception {
        server.configure("modules:\n  web:\n    max_in_flight: many\n");
        await().atMost(Duration.ofSeconds(10)).until(() -> configHealth().contains("whole number"));
        assertThat(configHealth()).contains("hyperspot.yaml:3").contains("modules.web.max_in_flight");
        server.configure("modules:\n\t- x: [\n");
        await().atMost(Duration.ofSeconds(10)).until(() -> configHealth().contains("hyperspot.yaml:2"));
        server.configure(provider.yaml("mock"));
        await().atMost(Duration.ofSeconds(10)).until(() -> configHealth().isEmpty());
    }

    @Test
    void aChangeOfOneModuleLeavesTheOthersAlone() throws Exception {
        long listeners = webBundleId();
        try (FakeProvider second = new FakeProvider()) {
            server.configure(provider.yaml("mock") + second.yaml("more").lines().skip(3).findFirst().orElseThrow() + "\n");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> server.post("/openai/v1/chat/completions", TestServer.chat("more/x", "hi")).status() == 200);
        }
        assertThat(webBundleId()).isEqualTo(listeners);
        server.configure(provider.yaml("mock"));
    }

    /** Identity of the server's address service: a new one when the web component was restarted. */
    private static long webBundleId() throws Exception {
        return (long) server.server.context()
                .getServiceReferences(java.net.URI.class, "(hyperspot.web=true)")
                .iterator()
                .next()
                .getProperty("service.id");
    }
}
