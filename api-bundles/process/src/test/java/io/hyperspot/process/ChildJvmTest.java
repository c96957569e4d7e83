// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.gts.GtsId;
import io.hyperspot.modkit.ProblemException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** From a bundle in a real framework to a running child. */
@Timeout(60)
final class ChildJvmTest {
    @TempDir
    Path folder;

    private Framework framework;
    private Bundle contract;

    @BeforeEach
    void start() throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        properties.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "org.osgi.service.component.annotations;version=1.5,org.slf4j;version=2.0");
        framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        for (Class<?> type :
                List.of(JsonProperty.class, JsonFactory.class, ObjectMapper.class, GtsId.class, ProblemException.class)) {
            install(location(type));
        }
        contract = install(location(ChildJvm.class));
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void runsAProgramOutOfABundle() throws Exception {
        Bundle bundle = install("file:" + connector("1.0.0"));
        Path temporary = folder.resolve("a folder with spaces");

        Process child = new ProcessBuilder(command(bundle, temporary, "-Doption=a \"b\" \\c")).start();

        try {
            assertThat(child.inputReader().readLine()).isEqualTo("{\"ready\":true}");
            child.outputWriter().write("{\"id\":1,\"op\":\"echo\"}\n");
            child.outputWriter().flush();
            assertThat(child.inputReader().readLine())
                    .isEqualTo("{\"id\":1,\"event\":{\"op\":\"echo\",\"option\":\"a \\\"b\\\" \\\\c\"}}");
            child.outputWriter().close();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void copiesOnceAndForgetsTheVersionBefore() throws Exception {
        Bundle bundle = install("file:" + connector("1.0.0"));
        Path area = bundle.getDataFile("child").toPath();
        command(bundle, folder.resolve("tmp"), "-Da=b");
        Path first = only(area);
        Path library = first.resolve("library.jar");
        Files.writeString(library, "changed by the test");

        command(bundle, folder.resolve("tmp"), "-Da=b");
        assertThat(library).hasContent("changed by the test");
        assertThat(first.resolve("classes/from/library.txt")).hasContent("a resource");
        assertThat(first.resolve("classes/io/hyperspot/process/EchoChild.class")).exists();

        try (InputStream next = Files.newInputStream(connector("1.1.0"))) {
            bundle.update(next);
        }
        command(bundle, folder.resolve("tmp"), "-Da=b");
        assertThat(only(area)).isNotEqualTo(first);
        assertThat(only(area).resolve("library.jar")).hasContent("a library");
    }

    private Bundle install(String location) throws Exception {
        Bundle bundle = framework.getBundleContext().installBundle(location);
        bundle.start();
        return bundle;
    }

    /** By the framework's own class, which is another than this test's. */
    private List<String> command(Bundle bundle, Path temporary, String option) throws Exception {
        Class<?> type = contract.loadClass(ChildJvm.class.getName());
        assertThat(type).isNotEqualTo(ChildJvm.class);
        Object jvm = type.getMethod("extract", Bundle.class, String.class)
                .invoke(null, bundle, EchoChild.class.getName());
        Object command = type.getMethod("command", Path.class, List.class).invoke(jvm, temporary, List.of(option));
        return ((List<?>) command).stream().map(String::valueOf).toList();
    }

    private Path connector(String version) throws Exception {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, "connector");
        attributes.putValue(Constants.BUNDLE_VERSION, version);
        Path jar = folder.resolve("connector-" + version + ".jar");
        String main = EchoChild.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream code = ChildJvmTest.class.getResourceAsStream("/" + main)) {
            add(out, main, code.readAllBytes());
            add(out, "child/library.jar", "a library".getBytes(StandardCharsets.UTF_8));
            add(out, "child/classes/from/library.txt", "a resource".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void add(OutputStream out, String name, byte[] bytes) throws Exception {
        JarOutputStream jar = (JarOutputStream) out;
        jar.putNextEntry(new ZipEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    private static String location(Class<?> type) {
        String location = type.getProtectionDomain().getCodeSource().getLocation().toString();
        return location.endsWith("/") ? "reference:" + location : location;
    }

    private static Path only(Path area) throws Exception {
        try (Stream<Path> folders = Files.list(area)) {
            List<Path> all = folders.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }
}
