// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.RefusedException;
import io.hyperspot.types.registry.engine.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sources of the product, for tests that read them. */
final class Repository {
    static final Path ROOT = Path.of(System.getProperty("hyperspot.sources"));

    private static final Set<String> GENERATED = Set.of("target", "node_modules", ".git", "generated");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Repository() {}

    /** Files of these endings, but for tests, which are full of what is wrong on purpose. */
    static List<Path> files(String... endings) throws IOException {
        try (Stream<Path> walk = Files.walk(ROOT)) {
            return walk.filter(path -> Stream.of(endings).anyMatch(ending -> path.toString().endsWith(ending)))
                    .filter(Files::isRegularFile)
                    .filter(path -> Stream.of(ROOT.relativize(path).toString().split("/")).noneMatch(GENERATED::contains))
                    .filter(path -> !path.toString().contains("/src/test/") && !path.startsWith(ROOT.resolve("itests")))
                    .sorted()
                    .toList();
        }
    }

    /** All types and instances that the product's bundles bring. */
    static Types types(GtsEngine engine) throws IOException, RefusedException {
        TreeMap<String, Document> documents = new TreeMap<>();
        for (Path file : files(".json")) {
            if (!file.toString().contains("/META-INF/gts/")) {
                continue;
            }
            for (JsonNode content : documents(JSON.readTree(file.toFile()))) {
                Document document = engine.document(content);
                if (documents.putIfAbsent(document.key(), document) != null) {
                    throw new IllegalStateException(file + ": " + document.key() + " is there twice");
                }
            }
        }
        return new Types(documents);
    }

    private static List<JsonNode> documents(JsonNode content) {
        List<JsonNode> documents = new ArrayList<>();
        if (content.isArray()) {
            content.forEach(documents::add);
        } else {
            documents.add(content);
        }
        return documents;
    }

    /** Documents by their ids. */
    record Types(TreeMap<String, Document> byId) implements View {
        @Override
        public @Nullable Document find(String key) {
            return byId.get(key);
        }

        @Override
        public Collection<Document> documents() {
            return byId.values();
        }

        @Override
        public Stamp stamp() {
            return new Stamp(0, byId);
        }
    }
}
