// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules are shown, stopped and started; the machine is shown. */
final class ProcessManagerTest {
    private static final String MODULES = "/process-manager/v1/modules";
    private static final String MINILM = "io.hyperspot.embeddings.minilm";

    @TempDir
    static Path home;

    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules: {}\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode module(String id) throws Exception {
        TestServer.Answer answer = server.get(MODULES + "/" + id);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void showsModulesAndWhatTheyNeed() throws Exception {
        JsonNode modules = server.get(MODULES).json().path("items");
        assertThat(modules.findValuesAsText("id")).isSorted().contains("io.hyperspot.llm.gateway", "io.hyperspot.web", MINILM);
        assertThat(modules.findValuesAsText("id"))
                .as("contracts and libraries are no modules")
                .doesNotContain("io.hyperspot.gts.id", "io.hyperspot.web.api");
        assertThat(modules.findValuesAsText("state")).containsOnly("ACTIVE");

        JsonNode gateway = module("io.hyperspot.llm.gateway");
        assertThat(gateway.path("needs").toString()).contains("io.hyperspot.workers");
        assertThat(gateway.path("health").findValuesAsText("name")).contains("llm-gateway");
        assertThat(gateway.path("kind").asText()).isEqualTo("MODULE");
        assertThat(module("io.hyperspot.workers").path("needed_by").toString()).contains("io.hyperspot.llm.gateway");
        assertThat(module("io.hyperspot.web").path("kind").asText()).isEqualTo("ESSENTIAL");
        assertThat(module(MINILM).path("workers").toString()).contains("all_minilm_l6_v2");
        assertThat(server.get(MODULES + "/io.hyperspot.nothing").status()).isEqualTo(404);
    }

    @Test
    void stopsAndStartsAModuleWhenTheImpactIsConfirmed() throws Exception {
        TestServer.Answer impact = server.get(MODULES + "/" + MINILM + "/impact");
        assertThat(impact.json().path("text").asText()).contains("take no requests", "no other module stops");
        TestServer.Answer unconfirmed = server.post(MODULES + "/" + MINILM + "/stop", "{}");
        assertThat(unconfirmed.status()).isEqualTo(400);
        assertThat(unconfirmed.json().path("code").asText()).isEqualTo("CONFIRMATION_REQUIRED");
        assertThat(unconfirmed.json().path("detail").asText()).contains("take no requests", "\"confirm\": true");
        assertThat(server.models()).contains("local-embeddings/all-minilm-l6-v2");

        TestServer.Answer stopped = server.post(MODULES + "/" + MINILM + "/stop", "{\"confirm\":true}");
        assertThat(stopped.json().path("state").asText()).as(stopped.body()).isEqualTo("RESOLVED");
        assertThat(server.models()).doesNotContain("local-embeddings/all-minilm-l6-v2");
        TestServer.Answer started = server.post(MODULES + "/" + MINILM + "/start", "{}");
        assertThat(started.json().path("state").asText()).as(started.body()).isEqualTo("ACTIVE");
        await().until(() -> server.models().contains("local-embeddings/all-minilm-l6-v2"));
        TestServer.Answer restarted = server.post(MODULES + "/" + MINILM + "/restart", "{\"confirm\":true}");
        assertThat(restarted.status()).as(restarted.body()).isEqualTo(200);
        await().until(() -> server.models().contains("local-embeddings/all-minilm-l6-v2"));
    }

    @Test
    void refusesToStopWhatCarriesTheRequest() throws Exception {
        for (String essential : new String[] {"io.hyperspot.web", "io.hyperspot.security", "io.hyperspot.process.manager"}) {
            TestServer.Answer refused = server.post(MODULES + "/" + essential + "/stop", "{\"confirm\":true}");
            assertThat(refused.status()).as(refused.body()).isEqualTo(400);
            assertThat(refused.json().path("code").asText()).isEqualTo("MODULE_ESSENTIAL");
        }
        assertThat(server.post(MODULES + "/nothing/stop", "{\"confirm\":true}").status()).isEqualTo(404);
    }

    @Test
    void showsTheMachine() throws Exception {
        JsonNode node = server.get("/process-manager/v1/node").json();
        assertThat(node.path("processors").asInt()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(node.path("memory_bytes").asLong()).isPositive();
        assertThat(node.path("disk_free_bytes").asLong()).isPositive();
        assertThat(node.path("java").asText()).isEqualTo(System.getProperty("java.runtime.version"));
        assertThat(node.path("os").asText()).isNotEmpty();
    }
}
