// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/errors.md} is what the sources say. With {@code -Derrors.write=true} this writes it.
 */
class ErrorCatalogueTest {
    private static final String ERROR = "gts.hyperspot.core.errors.err.v1~";
    private static final Path CATALOGUE = Repository.ROOT.resolve("docs/errors.md");
    private static final Pattern CONSTANT = Pattern.compile("^    ([A-Z_]+)\\((\\d+), \"([^\"]+)\"\\)", Pattern.MULTILINE);
    /** A method that makes the errors of one category. */
    private static final Pattern FACTORY = Pattern.compile(
            "ProblemException (\\w+)\\(String code,[^)]*\\) \\{\\s*return new ProblemException\\(\\s*ErrorCategory\\.([A-Z_]+),\\s*code");
    private static final Pattern USE = Pattern.compile("ErrorCategory\\.([A-Z_]+),\\s*\"([A-Z][A-Z0-9_]+)\"");

    @Test
    void everyCategoryIsAnErrorType() throws Exception {
        Repository.Types types = Repository.types(new GtsEngine(GtsProfile.V0_11));
        Matcher constants = CONSTANT.matcher(Files.readString(
                Repository.ROOT.resolve("api-bundles/modkit/src/main/java/io/hyperspot/modkit/ErrorCategory.java")));
        TreeMap<String, String> categories = new TreeMap<>();
        while (constants.find()) {
            categories.put(id(constants.group(1)), constants.group(2) + " " + constants.group(3));
        }
        TreeMap<String, String> registered = new TreeMap<>();
        types.documents().stream().filter(document -> ERROR.equals(document.typeId())).forEach(document -> registered.put(
                document.key(), document.content().path("status").asText() + " " + document.content().path("title").asText()));
        assertThat(registered).hasSizeGreaterThan(10).isEqualTo(categories);
    }

    @Test
    void theCatalogueIsWhatTheSourcesSay() throws Exception {
        String catalogue = catalogue(Repository.types(new GtsEngine(GtsProfile.V0_11)));
        if (Boolean.getBoolean("errors.write")) {
            Files.writeString(CATALOGUE, catalogue);
        }
        assertThat(Files.readString(CATALOGUE)).isEqualTo(catalogue);
    }

    private static String id(String category) {
        return ERROR + "hyperspot.core.err." + category.toLowerCase(java.util.Locale.ROOT) + ".v1";
    }

    private static String catalogue(Repository.Types types) throws Exception {
        StringBuilder text = new StringBuilder("""
                # Errors

                Every error is a problem document (RFC 9457), except on the surfaces of other vendors' SDKs, which get their vendor's
                shape. `type` is one of the error types below, as a `gts://` URI; `code` is for programs and never changes its meaning;
                `detail` is for people. Generated from the sources: `mvn -pl itests/architecture verify -Derrors.write=true`.

                ## Types

                | status | type | title | when, and what to do |
                |---|---|---|---|
                """);
        types.documents().stream()
                .filter(document -> ERROR.equals(document.typeId()))
                .map(Document::content)
                .sorted(java.util.Comparator.comparingInt((JsonNode error) -> error.path("status").asInt())
                        .thenComparing(error -> error.path("id").asText()))
                .forEach(error -> text.append("| ")
                        .append(error.path("status").asInt())
                        .append(" | `gts://")
                        .append(error.path("id").asText())
                        .append("` | ")
                        .append(error.path("title").asText())
                        .append(" | ")
                        .append(error.path("description").asText())
                        .append(" |\n"));
        text.append("\n## Codes\n\n| code | type | module |\n|---|---|---|\n");
        TreeMap<String, TreeSet<String>> codes = new TreeMap<>();
        for (Path file : Repository.files(".java")) {
            Path inside = Repository.ROOT.relativize(file);
            String group = inside.getName(0).toString();
            if (!group.equals("bundles") && !group.equals("connectors") && !group.equals("api-bundles")) {
                continue;
            }
            codes(Files.readString(file)).forEach(code -> codes.computeIfAbsent(code, key -> new TreeSet<>())
                    .add(inside.getName(1).toString()));
        }
        codes.forEach((code, modules) -> text.append("| `").append(code).append(" | ").append(String.join(", ", modules)).append(" |\n"));
        return text.toString();
    }

    /** The codes in a source, each with its category. */
    private static Set<String> codes(String source) {
        Set<String> codes = new TreeSet<>();
        Matcher use = USE.matcher(source);
        while (use.find()) {
            codes.add(code(use.group(2), use.group(1)));
        }
        Matcher factory = FACTORY.matcher(source);
        while (factory.find()) {
            Matcher call = Pattern.compile("\\b" + factory.group(1) + "\\(\\s*\"([A-Z][A-Z0-9_]+)\"").matcher(source);
            while (call.find()) {
                codes.add(code(call.group(1), factory.group(2)));
            }
        }
        return codes;
    }

    private static String code(String code, String category) {
        return code + "` | " + category.toLowerCase(java.util.Locale.ROOT);
    }
}
