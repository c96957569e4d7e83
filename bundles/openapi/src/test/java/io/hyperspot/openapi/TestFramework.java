// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** A Felix whose bundles may import the annotations of REST resources from the test's class path. */
final class TestFramework {
    private static final String ANNOTATIONS = "jakarta.ws.rs,io.hyperspot.web,"
            + "org.eclipse.microprofile.openapi.annotations,"
            + "org.eclipse.microprofile.openapi.annotations.tags";

    private final Framework framework;

    TestFramework(Path cache) throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, cache.toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, ANNOTATIONS));
        framework.start();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Starts a bundle with these texts and the classes of the tests, by path. */
    Bundle start(String name, Map<String, String> texts, Class<?>... classes) throws BundleException, IOException {
        Map<String, byte[]> entries = new HashMap<>();
        texts.forEach((path, text) -> entries.put(path, text.getBytes(StandardCharsets.UTF_8)));
        for (Class<?> type : classes) {
            String path = type.getName().replace('.', '/') + ".class";
            try (InputStream in = TestFramework.class.getClassLoader().getResourceAsStream(path)) {
                entries.put(path, Objects.requireNonNull(in).readAllBytes());
            }
        }
        Bundle bundle = context().installBundle("test:" + name, new ByteArrayInputStream(jar(name, entries)));
        bundle.start();
        return bundle;
    }

    private static byte[] jar(String name, Map<String, byte[]> entries) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.IMPORT_PACKAGE, ANNOTATIONS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
