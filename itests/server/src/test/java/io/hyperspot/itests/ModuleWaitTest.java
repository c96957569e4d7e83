// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that cannot serve as they come: they say what they lack, leave nothing behind, and come when it is there. */
final class ModuleWaitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PLUGINS = "/plugins/v1/plugins/";
    private static final String MODULES = "/process-manager/v1/modules/";
    private static final String TENANT = "00000000-0000-7000-8000-00000000000a";
    private static final String OTHER = "00000000-0000-7000-8000-00000000000b";

    @TempDir
    static Path home;

    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                home, "modules:\n  plugins: { watch_period_seconds: 1 }\n" + TestServer.tenants(TENANT, OTHER));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void drop(String name, byte[] jar) throws Exception {
        Files.write(home.resolve("plugins").resolve(name), jar);
    }

    private static JsonNode awaitState(String id, String state) {
        await().atMost(PATIENCE).until(() -> server.get(PLUGINS + id).json().path("state").asText().equals(state));
        try {
            return server.get(PLUGINS + id).json();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void remove(String id) throws Exception {
        server.send("DELETE", PLUGINS + id, server.firstKey(), null);
        await().atMost(PATIENCE).until(() -> server.get(PLUGINS + id).status() == 404);
    }

    private static long installed(String id) {
        return java.util.Arrays.stream(server.server.context().getBundles())
                .filter(bundle -> id.equals(bundle.getSymbolicName()))
                .count();
    }

    /** A bundle without classes. */
    private static byte[] jar(String id, String version, String... headers) throws Exception {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", id);
        attributes.putValue("Bundle-Version", version);
        for (int i = 0; i < headers.length; i += 2) {
            attributes.putValue(headers[i], headers[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    @Test
    void waitsForAStoppedModuleAndServesAsSoonAsItIsStarted() throws Exception {
        String module = "io.hyperspot.process";
        assertThat(server.post(MODULES + module + "/stop", "{\"confirm\":true}").status()).isEqualTo(200);
        String needs = "osgi.service;filter:=\"(objectClass=io.hyperspot.process.Processes)\";effective:=active";
        drop("needy.jar", jar("acme.needy", "1.0.0", "Require-Capability", needs));

        JsonNode waiting = awaitState("acme.needy", "WAITING");
        assertThat(waiting.path("reason").asText())
                .contains("io.hyperspot.process.Processes", module + " is installed, but stopped")
                .contains("hyperspot modules start " + module);
        assertThat(installed("acme.needy")).isZero();
        assertThat(HyperSpotProcess.run(home, "plugins", "explain", "acme.needy").out())
                .contains("WAITING", "hyperspot modules start " + module);

        HyperSpotProcess.Result started = HyperSpotProcess.run(home, "modules", "start", module);
        assertThat(started.out()).as(started.err()).containsPattern("ACTIVE +module +" + module);
        assertThat(awaitState("acme.needy", "ACTIVE").path("reason").asText()).isEmpty();
        remove("acme.needy");
    }

    @Test
    void modulesAreListedAndStoppedOnlyWhenTheOperatorIsSure() throws Exception {
        String minilm = "io.hyperspot.embeddings.minilm";
        assertThat(HyperSpotProcess.run(home, "modules", "list").out())
                .containsPattern("ACTIVE +module +" + minilm)
                .containsPattern("ACTIVE +essential +io.hyperspot.web");
        HyperSpotProcess.Result asked = HyperSpotProcess.run(home, "modules", "stop", minilm);
        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.out()).contains("take no requests");
        assertThat(asked.err()).contains("nothing was stopped", "--yes");
        assertThat(HyperSpotProcess.run(home, "modules", "stop", minilm, "--yes").out()).containsPattern("STOPPED +module +" + minilm);
        assertThat(HyperSpotProcess.run(home, "modules", "start", minilm).out()).containsPattern("ACTIVE +module +" + minilm);
        HyperSpotProcess.Result unknown = HyperSpotProcess.run(home, "modules", "start", "io.hyperspot.nothing");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no module 'io.hyperspot.nothing'");
    }

    @Test
    void aFirstInstallWhoseComponentThrowsIsTakenBack() throws Exception {
        drop("throwing.jar", new SwapJar("1.0.0").behaving("activate=throw").bytes());
        JsonNode rejected = awaitState("acme.swap", "REJECTED");
        assertThat(rejected.path("reason").asText())
                .contains("SwapWorker failed to start", "the licence of version 1.0.0 has expired", "install it again");
        assertThat(rejected.path("file").asText()).isEqualTo("throwing.jar");
        assertThat(home.resolve("plugins/throwing.jar")).exists();
        await().atMost(PATIENCE).until(() -> installed("acme.swap") == 0);
        assertThat(server.models()).noneMatch(model -> model.startsWith("swap/"));
        remove("acme.swap");
    }

    @Test
    void aFirstInstallThatDoesNotLinkIsQuarantined() throws Exception {
        drop("unlinked.jar", new SwapJar("1.0.0").without("acme/swap/Journal.class").bytes());
        JsonNode quarantined = awaitState("acme.swap", "QUARANTINED");
        assertThat(quarantined.path("reason").asText()).contains("SwapWorker failed to start", "acme.swap.Journal");
        await().atMost(PATIENCE).until(() -> installed("acme.swap") == 0);
        assertThat(home.resolve("plugins/unlinked.jar")).exists();
        remove("acme.swap");
    }

    @Test
    void namesBothChainsToTwoCopiesOfAPackage() throws Exception {
        drop("types1.jar", jar("acme.types.one", "1.0.0", "Export-Package", "acme.types;version=1.0"));
        drop("types2.jar", jar("acme.types.two", "1.0.0", "Export-Package", "acme.types;version=2.0"));
        awaitState("acme.types.one", "ACTIVE");
        awaitState("acme.types.two", "ACTIVE");
        drop("store.jar", jar(
                "acme.store",
                "1.0.0",
                "Export-Package",
                "acme.store;uses:=\"acme.types\"",
                "Import-Package",
                "acme.types;version=\"[1,2)\""));
        awaitState("acme.store", "ACTIVE");
        drop("torn.jar", jar("acme.torn", "1.0.0", "Import-Package", "acme.store,acme.types;version=\"[2,3)\""));

        String reason = awaitState("acme.torn", "WAITING").path("reason").asText();
        assertThat(reason)
                .contains("Needs    package acme.types from one bundle, but would see two")
                .contains("1.0.0 from acme.types.one 1.0.0: acme.torn imports acme.store from acme.store 1.0.0, which uses acme.types")
                .contains("2.0.0 from acme.types.two 1.0.0: acme.torn imports acme.types from acme.types.two 1.0.0")
                .contains("Fix      let all of them use one");
        for (String id : new String[] {"acme.torn", "acme.store", "acme.types.two", "acme.types.one"}) {
            remove(id);
        }
    }

    private static TestServer.Answer selection(String query, @Nullable String key) throws Exception {
        return server.send("GET", "/plugins/v1/selection" + query, key, null);
    }

    @Test
    void explainsWhichWorkerATenantGets() throws Exception {
        String type = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.llm.gateway.worker.v1~";
        String instance = type + "acme.swap._.swap.v1";
        for (String version : new String[] {"1.0.0", "1.1.0"}) {
            HttpRequest upload = HttpRequest.newBuilder(server.url()
                            .resolve("/plugins/v1/upload" + (version.equals("1.0.0") ? "" : "?percent=0&tenant=" + TENANT)))
                    .timeout(Duration.ofMinutes(1))
                    .header("Authorization", "Bearer " + server.firstKey())
                    .header("Content-Type", "application/java-archive")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new SwapJar(version).bytes()))
                    .build();
            TestServer.Answer installed = server.send(upload);
            assertThat(installed.status()).as(installed.body()).isEqualTo(200);
        }
        String named = server.newKey(TENANT, "gts.hyperspot.core.workers.*:read");
        String other = server.newKey(OTHER, "gts.hyperspot.core.workers.*:read");

        JsonNode own = selection("?id=" + instance, named).json();
        assertThat(own.at("/answers/0/origin").asText()).as("%s", own).isEqualTo("acme.swap 1.1.0");
        assertThat(own.at("/answers/0/percent").asInt()).isEqualTo(100);
        assertThat(own.path("tenant").asText()).isEqualTo(TENANT);
        JsonNode theirs = selection("?id=" + instance, other).json();
        assertThat(theirs.at("/answers/0/origin").asText()).as("%s", theirs).isEqualTo("acme.swap 1.0.0");
        assertThat(theirs.path("text").asText()).contains("tried by other tenants only").doesNotContain(TENANT);

        TestServer.Answer foreign = selection("?id=" + instance + "&tenant=" + TENANT, other);
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(foreign.json().path("code").asText()).isEqualTo("FOREIGN_TENANT");
        assertThat(selection("?tenant=" + TENANT, server.newKey(OTHER, "gts.hyperspot.llm.*:*")).status()).isEqualTo(403);
        assertThat(selection("", null).status()).isEqualTo(401);
        assertThat(selection("?id=" + instance + "&tenant=" + TENANT, server.firstKey()).json().at("/answers/0/origin").asText())
                .isEqualTo("acme.swap 1.1.0");

        assertThat(selection("?id=gts.nothing", server.firstKey()).status()).isEqualTo(400);
        assertThat(selection("?tenant=me", server.firstKey()).json().path("detail").asText()).contains("UUID");
        TestServer.Answer unknown = selection("?id=" + type + "acme.swap._.none.v1", server.firstKey());
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().path("detail").asText()).contains("no worker has the id", type);

        HyperSpotProcess.Result explained = HyperSpotProcess.run(home, "plugins", "explain", instance, "--tenant", TENANT);
        assertThat(explained.out()).as(explained.err()).contains("For tenant " + TENANT, "acme.swap 1.1.0 is being tried and answers all");
        assertThat(HyperSpotProcess.run(home, "plugins", "explain", type).out()).contains(instance);
        HyperSpotProcess.Result wrong = HyperSpotProcess.run(home, "plugins", "explain", "acme.swap", "--tenant", TENANT);
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("--tenant goes with a GTS id");
        remove("acme.swap");
    }

    @Test
    void theCommandLineTellsEachStepAsItHappensAndTheCallsThatAreLeft() throws Exception {
        Path first = Files.write(home.resolve("v1.jar"), new SwapJar("1.0.0").bytes());
        Path second = Files.write(home.resolve("v2.jar"), new SwapJar("1.1.0").bytes());
        assertThat(HyperSpotProcess.run(home, "plugins", "install", "--quiet", first.toString()).out().strip())
                .matches("ACTIVE +acme.swap +1.0.0 +acme.swap.jar");

        Path log = home.resolve("upgrade.log");
        Process upgrade = HyperSpotProcess.builder(home, List.of("plugins", "upgrade", "--wait", second.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            // calls of two seconds that begin a quarter of one apart, so that the version before has some whenever it leaves
            List<Thread> calls = IntStream.range(0, 8)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> {
                        try {
                            Thread.sleep(250L * i);
                            while (upgrade.isAlive()) {
                                server.post("/openai/v1/chat/completions", TestServer.chat("swap/slow", "which version?"));
                            }
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .toList();
            await().atMost(PATIENCE).until(() -> Files.readString(log).contains("switched to 1.1.0"));
            assertThat(upgrade.isAlive()).as("it tells before it ends").isTrue();
            assertThat(upgrade.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            for (Thread each : calls) {
                each.join();
            }
        } finally {
            upgrade.destroyForcibly();
            remove("acme.swap");
        }
        assertThat(Files.readString(log))
                .containsPattern("(?s)installed 1\\.1\\.0 beside 1\\.0\\.0.*switched to 1\\.1\\.0.*1\\.0\\.0 finishes its calls"
                        + ".*1\\.0\\.0 has [1-8] calls in flight.*1\\.0\\.0 has finished its calls and is gone.*ACTIVE")
                .containsOnlyOnce("switched to 1.1.0")
                .doesNotContain("\u001b");
    }
}
