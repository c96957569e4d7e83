// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hyperspot.types.registry.engine.Compatibility;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Types do not break those who use them: each is compared with what was last released under the same id,
 * which {@code released/} holds. With {@code -Dtypes.release=true} this writes that folder, at a release.
 */
class SchemaEvolutionTest {
    private static final Path RELEASED = Path.of("released");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Test
    void staysCompatibleWithTheLastReleaseUnderTheSameMajorVersion() throws Exception {
        GtsEngine engine = new GtsEngine(GtsProfile.V0_14);
        Repository.Types now = Repository.types(engine);
        if (Boolean.getBoolean("types.release")) {
            release(now);
        }
        Repository.Types released = released(engine);
        assertThat(released.documents()).isNotEmpty();
        for (Document old : released.documents()) {
            Document type = now.find(old.key());
            assertThat(type).as("%s was released and is gone: deprecate it, and keep it", old).isNotNull();
            if (type != null && !type.sameContent(old)) {
                assertCompatible(engine, old, type, now);
            }
        }
    }

    private static void assertCompatible(GtsEngine engine, Document old, Document type, Repository.Types now) {
        TreeMap<String, Document> both = new TreeMap<>(now.byId());
        both.put(old.key(), old);
        Compatibility verdict = engine.compatibility(old, type, new Repository.Types(both));
        assertThat(verdict.backwardErrors())
                .as("%s was released otherwise; what was valid is not any more: make it the next version", old)
                .isEmpty();
        assertThat(verdict.forwardErrors())
                .as("%s was released otherwise; its readers do not know what it allows now: make it the next version", old)
                .isEmpty();
    }

    private static Repository.Types released(GtsEngine engine) throws Exception {
        TreeMap<String, Document> documents = new TreeMap<>();
        try (Stream<Path> files = Files.list(RELEASED)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
                Document document = engine.document(JSON.readTree(file.toFile()));
                documents.put(document.key(), document);
            }
        }
        return new Repository.Types(documents);
    }

    private static void release(Repository.Types now) throws Exception {
        Files.createDirectories(RELEASED);
        List<Document> types = now.documents().stream().filter(Document::isType).toList();
        for (Document type : types) {
            Files.writeString(RELEASED.resolve(type.key() + ".json"), JSON.writeValueAsString(type.content()) + "\n");
        }
    }
}
