// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import io.smallrye.openapi.spi.OASFactoryResolverImpl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;
import org.eclipse.microprofile.openapi.spi.OASFactoryResolver;
import org.jboss.jandex.Indexer;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** Reads the Jakarta REST and MicroProfile OpenAPI annotations of a bundle's classes. */
final class AnnotationScanner {
    /** Packages that hold no representation of ours or of a plugin. */
    private static final List<String> LIBRARIES = List.of("java", "jakarta.", "org.", "com.fasterxml.", "io.micrometer.", "ch.qos.");

    private final ObjectMapper json;
    private final Config settings = new Settings(Map.of(
            "mp.openapi.extensions.smallrye.property-naming-strategy", "LOWER_CASE_WITH_UNDERSCORES",
            "mp.openapi.extensions.smallrye.openapi", "3.1.0"));

    AnnotationScanner(ObjectMapper json) {
        this.json = json;
        OASFactoryResolver.setInstance(new OASFactoryResolverImpl());
    }

    /** Takes back what the shared API bundle would otherwise hold of this one. */
    void close() {
        OASFactoryResolver.setInstance(null);
    }

    /** The bundle's part of the document. */
    ObjectNode scan(Bundle bundle) throws IOException {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        Indexer indexer = new Indexer();
        Enumeration<URL> classes = bundle.findEntries("/", "*.class", true);
        while (classes != null && classes.hasMoreElements()) {
            index(classes.nextElement(), indexer);
        }
        indexContracts(wiring, indexer);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(AnnotationScanner.class.getClassLoader());
        try {
            String document = SmallRyeOpenAPI.builder()
                    .withConfig(settings)
                    .withIndex(indexer.complete())
                    .withApplicationClassLoader(wiring.getClassLoader())
                    .withScannerClassLoader(AnnotationScanner.class.getClassLoader())
                    .enableModelReader(false)
                    .enableStandardStaticFiles(false)
                    .enableStandardFilter(false)
                    .enableAnnotationScan(true)
                    .build()
                    .toJSON();
            return (ObjectNode) json.readTree(document);
        } catch (UncheckedIOException e) {
            throw new IOException("the annotations of " + bundle.getSymbolicName() + " cannot be read", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Representations may be records of a contract, in a package that the bundle imports. */
    private static void indexContracts(BundleWiring wiring, Indexer indexer) throws IOException {
        for (BundleWire wire : wiring.getRequiredWires(BundleRevision.PACKAGE_NAMESPACE)) {
            String name = String.valueOf(wire.getCapability().getAttributes().get(BundleRevision.PACKAGE_NAMESPACE));
            if (LIBRARIES.stream().noneMatch(name::startsWith)) {
                BundleWiring provider = wire.getProviderWiring();
                for (String resource : provider.listResources(name.replace('.', '/'), "*.class", BundleWiring.LISTRESOURCES_LOCAL)) {
                    index(provider.getBundle().getEntry(resource), indexer);
                }
            }
        }
    }

    private static void index(URL file, Indexer indexer) throws IOException {
        try (InputStream in = file.openStream()) {
            indexer.index(in);
        }
    }

    /** A fixed configuration: SmallRye would otherwise look for a provider in the class path. */
    private record Settings(Map<String, String> values) implements Config {
        @Override
        public <T> T getValue(String name, Class<T> type) {
            return getOptionalValue(name, type).orElseThrow(() -> new NoSuchElementException(name));
        }

        @Override
        public ConfigValue getConfigValue(String name) {
            throw new NoSuchElementException(name);
        }

        @Override
        public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
            String value = values.get(name);
            return value == null || !type.isAssignableFrom(String.class) ? Optional.empty() : Optional.of(type.cast(value));
        }

        @Override
        public Iterable<String> getPropertyNames() {
            return values.keySet();
        }

        @Override
        public Iterable<ConfigSource> getConfigSources() {
            return List.of();
        }

        @Override
        public <T> Optional<Converter<T>> getConverter(Class<T> type) {
            return Optional.empty();
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return type.cast(this);
        }
    }
}
