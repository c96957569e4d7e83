// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import io.hyperspot.runtime.tiny.TinyActivator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A distribution of bundles with one class each, built by the test. */
final class TinyDistribution {
    private static final String ACTIVATOR = TinyActivator.class.getName().replace('.', '/') + ".class";

    private final Path root;
    private final List<String> bundles = new ArrayList<>();

    TinyDistribution(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve("bundles"));
        Files.createDirectories(root.resolve("features"));
    }

    /** A bundle that does what {@link TinyActivator} does with these headers. */
    TinyDistribution bundle(String name, int order, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", "1.0.0");
        attributes.putValue("Bundle-Activator", TinyActivator.class.getName());
        attributes.putValue("Import-Package", "org.osgi.framework");
        attributes.putValue("Tiny-Start", "ok");
        attributes.putValue("Tiny-Stop", "ok");
        headers.forEach(attributes::putValue);
        try (OutputStream file = Files.newOutputStream(jar(name));
                JarOutputStream jar = new JarOutputStream(file, manifest);
                InputStream activator = Objects.requireNonNull(
                        TinyDistribution.class.getClassLoader().getResourceAsStream(ACTIVATOR))) {
            jar.putNextEntry(new JarEntry(ACTIVATOR));
            activator.transferTo(jar);
            jar.closeEntry();
        }
        return listed(name, order);
    }

    /** A file of these bytes where a bundle should be. */
    TinyDistribution file(String name, int order, byte[] bytes) throws IOException {
        Files.write(jar(name), bytes);
        return listed(name, order);
    }

    private TinyDistribution listed(String name, int order) {
        bundles.add("{\"id\": \"test:" + name + ":1.0.0\", \"start-order\": " + order + "}");
        return this;
    }

    Path jar(String name) {
        return root.resolve("bundles").resolve(name + "-1.0.0.jar");
    }

    Installation build() throws IOException {
        return feature("tiny.json", "{\"id\": \"test:tiny:1.0.0\", \"bundles\": [" + String.join(",", bundles) + "]}");
    }

    Installation feature(String name, String json) throws IOException {
        Files.writeString(root.resolve("features").resolve(name), json);
        return new Installation(root);
    }
}
