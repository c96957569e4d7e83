// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the OpenAPI document: without a credential and without the permission there is
 * no answer, and no tenant sees another's data. A new operation is in here by being documented, and
 * one that is not documented is found.
 */
@Tag("database")
final class AccessTest {
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";

    /** Operations without data of a tenant: what they show is the platform's. */
    private static final List<String> PLATFORM = List.of(
            "/health/", "/openapi.", "/docs", "/metrics", "/types-registry/v1/events", "/types-registry/v1/refusals", "/plugins/", "/process-manager/", "/credstore/v1/keys/", "/observability/",
            "/openai/v1/models", "/openai/v1/chat/completions", "/openai/v1/responses", "/openai/v1/embeddings",
            "/anthropic/v1/models", "/anthropic/v1/messages", "/gemini/v1beta/models");

    /** Operations that a two-tenant test tries: those below, and those of TypesRegistryTest, TenantsTest,
     * LoginTest, AuditTest, UsageTest and LicensesTest. */
    private static final List<String> TRIED = List.of(
            "/security/v1/api-keys", "/security/v1/api-keys/{id}", "/credstore/v1/secrets", "/authz/v1/", "/auth/v1/", "/audit/v1/", "/usage/v1/", "/licenses/v1/", "/types-registry/v1/", "/gts/", "/tenant-resolver/v1/tenants");

    @TempDir
    static Path home;

    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_B));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<ApiOperation> operations() throws Exception {
        return ApiOperation.all(server.send("GET", "/openapi.json", null, null).json());
    }

    @TestFactory
    List<DynamicTest> deniesWithoutACredential() throws Exception {
        return tests(null, 401);
    }

    @TestFactory
    List<DynamicTest> deniesWithoutThePermission() throws Exception {
        return tests(server.newKey("00000000-0000-7000-8000-000000000001", "gts.nobody.needs.this.*:read"), 403);
    }

    private static List<DynamicTest> tests(@org.jspecify.annotations.Nullable String key, int status) throws Exception {
        return operations().stream()
                .filter(operation -> !operation.isOpen())
                .map(operation -> DynamicTest.dynamicTest(operation.method() + " " + operation.path(), () -> {
                    TestServer.Answer answer = operation.knock(server, key);
                    assertThat(answer.status()).isEqualTo(status);
                    assertThat(answer.body()).doesNotContain("items").doesNotContain("data\":[");
                }))
                .toList();
    }

    @Test
    void everyOperationIsThePlatformsOrIsTriedWithTwoTenants() throws Exception {
        for (ApiOperation operation : operations()) {
            assertThat(PLATFORM.stream().anyMatch(operation.path()::startsWith) || TRIED.stream().anyMatch(operation.path()::startsWith))
                    .as("%s %s shows data of tenants and is in no two-tenant test", operation.method(), operation.path())
                    .isTrue();
        }
    }

    @Test
    void noTenantSeesTheKeysOfAnother() throws Exception {
        String keyB = server.newKey(TENANT_B, "gts.*:*");
        JsonNode mine = server.send("GET", "/security/v1/api-keys", keyB, null).json().path("items");
        // newest first: the key that was made just now
        assertThat(mine).isNotEmpty();
        String idB = mine.get(0).path("id").asText();
        assertThat(server.get("/security/v1/api-keys").json().path("items").findValuesAsText("id")).doesNotContain(idB);
        assertThat(server.get("/security/v1/api-keys/" + idB).status()).isEqualTo(404);
        assertThat(server.send("DELETE", "/security/v1/api-keys/" + idB, server.firstKey(), null).status()).isEqualTo(404);
        // and it still works
        assertThat(server.send("GET", "/security/v1/api-keys/" + idB, keyB, null).status()).isEqualTo(200);
    }

    @Test
    void aTenantSeesNoSecretOfAnother() throws Exception {
        String marker = "marked-secret-55214";
        String keyB = server.newKey(TENANT_B, "gts.hyperspot.*:*");
        assertThat(server.send("POST", "/credstore/v1/secrets", keyB, "{\"reference\":\"of-b\",\"value\":\"" + marker + "\"}").status())
                .isEqualTo(201);
        String path = "/credstore/v1/secrets/of-b";
        for (String call : List.of(path, path + "/value", path + "/versions")) {
            assertThat(server.get(call).status()).as(call).isEqualTo(404);
        }
        assertThat(server.get("/credstore/v1/secrets").body()).doesNotContain("of-b");
        // without If-Match nothing changes, for the owner neither
        assertThat(server.send("PUT", path, server.firstKey(), "{\"value\":\"x\"}").status()).isEqualTo(400);
        assertThat(server.send("DELETE", path, keyB, null).status()).isEqualTo(400);
        TestServer.Answer value = server.send("GET", path + "/value", keyB, null);
        assertThat(value.json().path("value").asText()).isEqualTo(marker);
        String reader = server.newKey(TENANT_B, "gts.hyperspot.core.credstore.*:read");
        assertThat(server.send("GET", path, reader, null).status()).isEqualTo(200);
        assertThat(server.send("GET", path + "/value", reader, null).status()).isEqualTo(403);
        assertThat(server.send("POST", "/credstore/v1/keys/rotate", keyB, "{}").status()).isEqualTo(403);
        // and the value is nowhere else
        server.send("POST", "/credstore/v1/secrets", keyB, "{\"reference\":\"of-b\",\"value\":\"" + marker + "\"}");
        server.send("POST", "/credstore/v1/secrets", keyB, "{\"reference\":\"x\",\"value\":{\"" + marker + "\":1}}");
        assertThat(server.send("GET", "/credstore/v1/secrets", keyB, null).body()).contains("of-b").doesNotContain(marker);
        assertThat(server.get("/metrics").body()).doesNotContain(marker);
        try (var files = Files.walk(home.resolve("logs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(read(file)).doesNotContain(marker);
            }
        }
    }

    @Test
    void aKeyIsShownOnceWorksAndIsRevokedAtOnce() throws Exception {
        TestServer.Answer created =
                server.post("/security/v1/api-keys", "{\"name\":\"ci\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}");
        assertThat(created.status()).isEqualTo(201);
        String secret = created.json().path("secret").asText();
        String id = created.json().path("id").asText(created.json().at("/key/id").asText());
        assertThat(server.send("GET", "/openai/v1/models", secret, null).status()).isEqualTo(200);
        assertThat(server.send("GET", "/plugins/v1/plugins", secret, null).status()).isEqualTo(403);
        assertThat(server.get("/security/v1/api-keys").body()).contains("ci").doesNotContain(secret);
        assertThat(server.send("DELETE", "/security/v1/api-keys/" + id, server.firstKey(), null).status()).isEqualTo(204);
        assertThat(server.send("GET", "/openai/v1/models", secret, null).status()).isEqualTo(401);
    }

    @Test
    void refusesAScopeThatTheCallerLacks() throws Exception {
        String small = server.newKey("00000000-0000-7000-8000-000000000001", "gts.hyperspot.core.security.*:write");
        TestServer.Answer answer =
                server.send("POST", "/security/v1/api-keys", small, "{\"name\":\"more\",\"scopes\":[\"gts.*:*\"]}");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().path("detail").asText()).contains("gts.*:*");
    }

    @Test
    void writesNoSecretToAnyLog() throws Exception {
        String key = server.firstKey();
        server.get("/openai/v1/models");
        server.send("GET", "/openai/v1/models", "hs_wrongwrongwrong", null);
        try (var files = Files.walk(home.resolve("logs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(read(file)).doesNotContain(key).doesNotContain("hs_wrongwrongwrong");
            }
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }
}
