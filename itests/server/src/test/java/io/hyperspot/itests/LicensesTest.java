// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.TestServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tenants are licensed for, by the configuration file. */
final class LicensesTest {
    private static final String TENANT_A = "0192f0c1-2345-7000-8000-00000000000a";
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String FEATURE = "gts.hyperspot.core.lic.feat.v1~acme.shop.chat.assistant.v1";
    private static final String BASE = "modules:\n" + TestServer.tenants(TENANT_A, TENANT_B);

    @TempDir
    static Path home;

    static TestServer server;
    static String keyA;
    static String keyB;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, BASE);
        keyA = server.newKey(TENANT_A, "gts.*:*");
        keyB = server.newKey(TENANT_B, "gts.*:*");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void configure(String... licenses) throws Exception {
        server.configure(BASE + (licenses.length == 0 ? "" : "  licenses-file:\n    licenses:\n      - " + String.join("\n      - ", licenses) + "\n"));
    }

    private static Answer ask(String key) throws Exception {
        return server.send("GET", "/licenses/v1/features/" + FEATURE, key, null);
    }

    private static void becomes(String key, boolean licensed) {
        await().atMost(Duration.ofSeconds(30)).until(() -> ask(key).json().path("licensed").asBoolean() == licensed);
    }

    @Test
    void followsTheConfigurationAndKeepsTenantsApart() throws Exception {
        assertThat(ask(keyA).json().path("licensed").asBoolean()).as("nothing is configured: everything is licensed").isTrue();

        configure("tenant=" + TENANT_A + "; features=" + FEATURE + "; expires=2999-01-01T00:00:00Z");
        becomes(keyB, false);
        becomes(keyA, true);
        String own = server.send("GET", "/licenses/v1/license", keyA, null).body();
        assertThat(own).contains(FEATURE, "2999-01-01T00:00:00Z");
        String others = server.send("GET", "/licenses/v1/license", keyB, null).body();
        assertThat(others).contains("\"features\":[]").doesNotContain(FEATURE, TENANT_A, "2999");

        configure("tenant=" + TENANT_A + "; features=" + FEATURE + "; expires=2020-01-01T00:00:00Z", "tenant=*; features=gts.*");
        becomes(keyB, true);
        becomes(keyA, false);
        assertThat(server.send("GET", "/licenses/v1/license", keyA, null).json().path("expired").asBoolean()).isTrue();

        configure("tenant=acme; features=gts.*");
        await().atMost(Duration.ofSeconds(30)).until(() -> ask(keyA).status() == 503);
        assertThat(ask(keyA).json().path("code").asText()).isEqualTo("LICENSES_UNAVAILABLE");

        configure();
        await().atMost(Duration.ofSeconds(30)).until(() -> ask(keyA).status() == 200 && ask(keyA).json().path("licensed").asBoolean());
    }

    @Test
    void refusesWhatIsNoFeature() throws Exception {
        for (String wrong : new String[] {"chat", "gts.acme.shop.chat.assistant.v1~"}) {
            Answer answer = server.send("GET", "/licenses/v1/features/" + wrong, keyA, null);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.json().path("code").asText()).isEqualTo("INVALID_FEATURE");
        }
    }
}
