// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

/** The live document, as the linters that generators and gateways use see it. */
final class OpenApiLintTest {
    @TempDir
    static Path home;

    static TestServer server;
    static Path document;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules: {}\n");
        document = Files.writeString(
                home.resolve("openapi.json"), server.send("GET", "/openapi.json", null, null).body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void satisfiesSpectral() throws Exception {
        NodeRuntime.Output output = NodeRuntime.get()
                .tool(
                        "@stoplight/spectral-cli/dist/index.js",
                        "lint", document.toString(), "--ruleset", "spectral.yaml", "--fail-severity", "hint");
        assertThat(output.text()).contains("No results with a severity of 'hint' or higher found!");
        assertThat(output.exitCode()).isZero();
    }

    @Test
    void satisfiesRedocly() throws Exception {
        NodeRuntime.Output output = NodeRuntime.get()
                .tool(
                        "@redocly/cli/bin/cli.js",
                        "lint",
                        document.toString(),
                        "--extends=recommended",
                        // logins answer with a redirect and nothing else; that each tells of a good answer is tested below
                        "--skip-rule=operation-2xx-response",
                        "--format=json");
        assertThat(output.text()).containsPattern("\"errors\": 0,\\s*\"warnings\": 0,");
        assertThat(output.exitCode()).isZero();
    }

    @Test
    void tellsOfAGoodAnswerOfEachOperation() throws Exception {
        JsonNode paths = server.send("GET", "/openapi.json", null, null).json().path("paths");
        assertThat(paths.properties()).hasSizeGreaterThan(10).allSatisfy(path -> path.getValue().forEach(operation -> {
            List<String> statuses = new ArrayList<>();
            operation.path("responses").fieldNames().forEachRemaining(statuses::add);
            assertThat(statuses).as(path.getKey()).anyMatch(status -> status.startsWith("2") || status.startsWith("3"));
        }));
    }

    @Test
    void documentsEveryOperationOfEveryProtocol() throws Exception {
        JsonNode paths = server.send("GET", "/openapi.json", null, null).json().path("paths");
        List<String> documented = new ArrayList<>();
        paths.properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(verb -> documented.add(
                                verb.toUpperCase(Locale.ROOT) + " " + path.getKey().replaceAll("\\{[^}]*}", "*"))));
        List<String> served = operations();
        assertThat(served).hasSizeGreaterThan(5).contains("POST /openai/v1/chat/completions", "GET /metrics");
        // the files that the page of /docs is made of
        served.remove("GET /docs/*");
        for (String operation : served) {
            String start = operation.replaceFirst("\\*$", "");
            assertThat(documented)
                    .as(operation)
                    .anyMatch(known -> operation.endsWith("*") ? known.startsWith(start) : known.equals(operation));
        }
    }

    /** What the services of the running container say that they serve; their types are not on this class path. */
    private static List<String> operations() throws Exception {
        List<String> operations = new ArrayList<>();
        ServiceReference<?>[] references =
                server.server.context().getAllServiceReferences("io.hyperspot.web.spi.ProtocolHandler", null);
        for (ServiceReference<?> reference : references) {
            Object handler = server.server.context().getService(reference);
            Class<?> contract = reference.getBundle().loadClass("io.hyperspot.web.spi.ProtocolHandler");
            String path = (String) contract.getMethod("path").invoke(handler);
            for (Object operation : (List<?>) contract.getMethod("operations").invoke(handler)) {
                Method method = operation.getClass().getMethod("method");
                Method below = operation.getClass().getMethod("path");
                operations.add(method.invoke(operation) + " " + path + below.invoke(operation));
            }
            server.server.context().ungetService(reference);
        }
        return operations;
    }
}
