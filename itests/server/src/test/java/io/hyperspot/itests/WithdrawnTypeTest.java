// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker of a type that another plugin brings: it waits for the type, and loses its calls when that goes. */
final class WithdrawnTypeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String WORKER = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.llm.gateway.worker.v1~";
    private static final String SPECIAL = WORKER + "acme.types._.special_worker.v1~";
    private static final String PLUGIN = "/plugins/v1/plugins/";
    private static final String CHAT = "/openai/v1/chat/completions";

    @TempDir
    static Path home;

    @Test
    void waitsForItsTypeAndFinishesItsCallsWhenTheTypeIsWithdrawn() throws Exception {
        try (TestServer server = TestServer.start(home, "modules: {}\n")) {
            Path complete = Files.write(
                    home.resolve("swap.jar"),
                    new SwapJar("1.0.0").replacing("OSGI-INF/acme.swap.SwapWorker.xml", WORKER, SPECIAL).bytes());
            Files.move(complete, home.resolve("plugins/acme.swap.jar"), StandardCopyOption.ATOMIC_MOVE);
            await().atMost(PATIENCE).until(() -> server.get(PLUGIN + "acme.swap").body().contains("WAITING"));
            assertThat(server.get(PLUGIN + "acme.swap").body()).contains(SPECIAL);

            upload(server, types());
            await().atMost(PATIENCE).until(() -> server.models().contains("swap/slow"));

            HttpRequest request = HttpRequest.newBuilder(server.url().resolve(CHAT))
                    .timeout(Duration.ofMinutes(1))
                    .header("Authorization", "Bearer " + server.firstKey())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"model\":\"swap/slow\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                    .build();
            HttpResponse<Stream<String>> running = server.http().send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = running.body()) {
                Iterator<String> iterator = lines.iterator();
                assertThat(iterator.next()).startsWith("data:");
                assertThat(server.send("DELETE", PLUGIN + "acme.types", server.firstKey(), null).status()).isEqualTo(204);
                await().atMost(PATIENCE).until(() -> !server.models().contains("swap/slow"));

                TestServer.Answer refused = server.post(CHAT, TestServer.chat("swap/quick", "hi"));
                assertThat(refused.status()).as(refused.body()).isEqualTo(503);
                assertThat(refused.body()).contains("swap", SPECIAL, "not registered");
                assertThat(server.get("/plugins/v1/workers?%24filter=state%20eq%20%27pending%27").body()).contains(SPECIAL);

                String last = "";
                while (iterator.hasNext()) {
                    String line = iterator.next();
                    last = line.isBlank() ? last : line;
                }
                assertThat(last).isEqualTo("data: [DONE]");
            }

            upload(server, types());
            await().atMost(PATIENCE).until(() -> server.post(CHAT, TestServer.chat("swap/quick", "hi")).status() == 200);
        }
    }

    private static void upload(TestServer server, byte[] jar) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/plugins/v1/upload"))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + server.firstKey())
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofByteArray(jar))
                .build();
        TestServer.Answer answer = server.send(request);
        assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
    }

    /** A plugin of one type and nothing else. */
    private static byte[] types() throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "acme.types");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Name", "A type");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            out.putNextEntry(new ZipEntry("META-INF/gts/special.v1.schema.json"));
            out.write(("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":\"gts://" + SPECIAL
                            + "\",\"type\":\"object\",\"allOf\":[{\"$ref\":\"gts://" + WORKER + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return bytes.toByteArray();
    }
}
