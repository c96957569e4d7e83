// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Compiles types, each once as long as nothing it refers to changes. Thread-safe. Loads nothing from
 * anywhere: a bundled schema refers to itself only.
 */
final class Validators {
    private final GtsProfile profile;
    private final Map<Document, Validator> compiled = new ConcurrentHashMap<>();
    private final Map<String, SchemaRegistry> registries = new ConcurrentHashMap<>();

    Validators(GtsProfile profile) {
        this.profile = profile;
    }

    /**
     * The validator of a type.
     *
     * @throws UnresolvedException when it refers to a type that is not registered, or to itself for ever
     */
    Validator of(Document type, View view) throws UnresolvedException {
        Validator known = compiled.get(type);
        if (known != null && known.isCurrent(view)) {
            return known;
        }
        try {
            Validator made = compile(SchemaBundle.of(type, view), type.content(), view);
            compiled.put(type, made);
            return made;
        } catch (TooComplexException e) {
            throw new UnresolvedException(e.reason());
        }
    }

    /** Compiles a bundle that is used once. */
    Validator compile(SchemaBundle bundle, JsonNode dialectOf, View view) throws UnresolvedException {
        if (!bundle.missing().isEmpty()) {
            throw new UnresolvedException("it refers to " + String.join(", ", bundle.missing()) + ", which is not registered");
        }
        String cycle = bundle.cycle();
        if (cycle != null) {
            throw new UnresolvedException("it refers to itself without end, through " + cycle);
        }
        String huge = Numbers.find(bundle.root());
        if (huge != null) {
            throw new UnresolvedException(Numbers.REFUSED + ", at " + huge);
        }
        try {
            Schema schema = registry(dialectOf).getSchema(bundle.root());
            schema.initializeValidators();
            return new Validator(schema, bundle.dependencies(), view.stamp());
        } catch (SchemaException e) {
            throw new UnresolvedException("it is no valid JSON Schema: " + e.getMessage());
        } catch (StackOverflowError e) {
            // The library follows references by recursion, through all of up to 500 types.
            throw new UnresolvedException("its references lead too far from one to the next");
        }
    }

    /** Forgets the types that are not there any more. */
    void retain(Predicate<Document> there) {
        compiled.keySet().removeIf(there.negate());
    }

    private SchemaRegistry registry(JsonNode schema) {
        return registries.computeIfAbsent(dialectName(schema), this::registry);
    }

    private static String dialectName(JsonNode schema) {
        String uri = schema.path(Keywords.SCHEMA).asText("");
        return List.of("2020-12", "2019-09", "draft-06", "draft-04").stream()
                .filter(uri::contains)
                .findFirst()
                .orElse("draft-07");
    }

    private SchemaRegistry registry(String name) {
        Dialect base = switch (name) {
            case "2020-12" -> Dialects.getDraft202012();
            case "2019-09" -> Dialects.getDraft201909();
            case "draft-06" -> Dialects.getDraft6();
            case "draft-04" -> Dialects.getDraft4();
            default -> Dialects.getDraft7();
        };
        Dialect.Builder dialect = Dialect.builder(base).keyword(new GtsRefKeyword(profile));
        dialect.format(new UuidFormat());
        // Else the library logs a warning for each keyword that it does not know.
        dialect.unknownKeywordFactory((keyword, context) -> new AnnotationKeyword(keyword));
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(profile.formatsAsserted())
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .regularExpressionFactory(new Expressions())
                .build();
        return SchemaRegistry.withDialect(
                dialect.build(), builder -> builder.schemaRegistryConfig(config).schemaCacheEnabled(false));
    }
}
