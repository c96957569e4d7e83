// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Nothing of a plugin stays behind. */
final class LeakTest {
    private static final int CYCLES = 50;
    private static final int WARM_UP = 5;
    private static final List<String> TESTS_OWN = List.of("awaitility", "HttpClient", "ForkJoinPool", "VirtualThread");

    @TempDir
    Path home;

    @Test
    void collectsTheLoadersOfFiftyInstallations() throws Exception {
        try (TestServer server = TestServer.start(home, "modules: {}\n")) {
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int i = 0; i < WARM_UP; i++) {
                cycle(server, loaders);
            }
            Set<String> threads = threads();
            long descriptors = descriptors();
            for (int i = 0; i < CYCLES; i++) {
                cycle(server, loaders);
            }
            // another answer of the surface lets go of what the last one held
            server.models();
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200)).until(() -> {
                System.gc();
                return loaders.stream().allMatch(loader -> loader.get() == null);
            });
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(threads).containsAll(threads()));
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 8);
        }
    }

    private void cycle(TestServer server, List<WeakReference<ClassLoader>> loaders) throws Exception {
        Path jar = home.resolve("plugins/acme-echo.jar");
        Files.copy(PluginDropTest.ECHO, jar);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> server.models().contains("acme/parrot"));
        assertThat(server.post("/openai/v1/chat/completions", TestServer.chat("acme/parrot", "a b c")).status())
                .isEqualTo(200);
        assertThat(server.send("GET", "/openapi.json", null, null).status()).isEqualTo(200);
        loaders.add(new WeakReference<>(loader(server)));
        Files.delete(jar);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> bundles(server).isEmpty());
    }

    private static ClassLoader loader(TestServer server) {
        return bundles(server).getFirst().adapt(BundleWiring.class).getClassLoader();
    }

    private static List<Bundle> bundles(TestServer server) {
        return Arrays.stream(server.server.context().getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals("acme.echo"))
                .toList();
    }

    /** Names of platform threads without the numbers of pools; not those of this test and of the JVM. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> TESTS_OWN.stream().noneMatch(thread.getName()::startsWith))
                .map(thread -> thread.getName().replaceAll("\\d+", "#"))
                .collect(Collectors.toSet());
    }

    private static long descriptors() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getOpenFileDescriptorCount();
    }
}
