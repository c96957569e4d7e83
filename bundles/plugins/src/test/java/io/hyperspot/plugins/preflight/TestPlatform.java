// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import io.hyperspot.plugins.preflight.Platform.Configuration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** A framework with a few bundles that look like the platform's. */
final class TestPlatform {
    static final String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.llm.gateway.worker.v1~";
    private static final String ABSTRACT = "gts.hyperspot.core.modkit.plugin.v1~";

    final Map<String, String> workers = new HashMap<>();
    final Map<String, List<Configuration>> configurations = new HashMap<>();
    final Map<String, Boolean> types = new HashMap<>();
    final Map<String, String> stopped = new HashMap<>();
    SignaturePolicy signatures = SignaturePolicy.NONE;
    private final Path temp;
    private final Framework framework;

    TestPlatform(Path temp) throws IOException, BundleException {
        this.temp = temp;
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", temp.resolve("cache").toString(),
                        "felix.service.urlhandlers", "false",
                        "felix.log.level", "0"));
        framework.init();
        install(new TestJar("io.hyperspot.llm.api", "1.2.0")
                .with("Export-Package", "io.hyperspot.llm;version=1.2.0;uses:=\"jakarta.ws.rs\"")
                .file("META-INF/gts/worker.json", schema(TYPE, false))
                .file("META-INF/gts/plugin.json", schema(ABSTRACT, true)));
        install(new TestJar("jakarta.ws.rs-api", "3.1.0").with("Export-Package", "jakarta.ws.rs;version=3.1.0"));
        install(new TestJar("jackson", "2.22.4").with("Export-Package", "com.fasterxml.jackson.core;version=2.22.4"));
        install(new TestJar("scr", "2.2")
                .with("Provide-Capability", "osgi.extender;osgi.extender=\"osgi.component\";version:Version=1.5.0"));
        install(new TestJar("acme.taken", "1.0")
                .component(
                        "acme.Taken",
                        "<property name=\"gts.instance\" value=\"" + TYPE + "acme.taken._.worker.v1\"/>"));
    }

    static String schema(String type, boolean isAbstract) {
        return "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$id\": \"gts://" + type
                + "\", \"x-gts-abstract\": " + isAbstract + "}";
    }

    void install(TestJar jar) throws IOException, BundleException {
        byte[] bytes = jar.bytes();
        framework.getBundleContext().installBundle("test:" + framework.getBundleContext().getBundles().length, new ByteArrayInputStream(bytes));
    }

    Preflight report(TestJar jar) throws Exception {
        return report(jar.bytes(), "");
    }

    Preflight report(TestJar jar, String replaces) throws Exception {
        return report(jar.bytes(), replaces);
    }

    /** As the server does. */
    Preflight report(byte[] jar, String replaces) throws IOException, UnusableException {
        Path file = Files.write(temp.resolve("plugin.jar"), jar);
        return new Inspector(
                        new FrameworkPlatform(
                                framework.getBundleContext(),
                                bundles -> {
                                    Map<String, String> all = new HashMap<>(FrameworkPlatform.declaredWorkers(bundles));
                                    all.putAll(workers);
                                    return all;
                                },
                                pid -> configurations.getOrDefault(pid, List.of()),
                                () -> types,
                                service -> Optional.ofNullable(stopped.get(service))),
                        signatures)
                .inspect(PluginArchive.read(file), replaces);
    }

    void close() throws Exception {
        framework.stop();
        framework.waitForStop(5000);
    }
}
