// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema together with every registered type that it refers to, as one document whose references are all
 * local. {@code x-gts-ref} with a pointer is resolved to what it stands for, since the pointer's base is
 * lost.
 */
final class SchemaBundle {
    private static final String TYPES = "x-gts-types";
    private static final String GTS = "gts://";
    private static final int MOST_TYPES = 500;
    private static final int MOST_SCHEMAS = 100_000;

    private final ObjectNode root;
    private final Map<String, @Nullable Document> dependencies;

    private SchemaBundle(ObjectNode root, Map<String, @Nullable Document> dependencies) {
        this.root = root;
        this.dependencies = dependencies;
    }

    /** Bundles a type. */
    static SchemaBundle of(Document type, View view) {
        return of(List.of(new Part(type, null)), view);
    }

    /**
     * A schema and the document that its references are relative to.
     *
     * @param fragment a schema that stands in the document; null: the document itself
     */
    record Part(Document home, @Nullable JsonNode fragment) {}

    /** Bundles what all the parts demand. */
    static SchemaBundle of(List<Part> parts, View view) {
        Builder builder = new Builder(view);
        ObjectNode root;
        if (parts.size() == 1) {
            root = builder.copy(parts.getFirst());
        } else {
            root = JsonNodeFactory.instance.objectNode();
            ArrayNode all = root.putArray(Keywords.ALL_OF);
            parts.forEach(part -> all.add(builder.copy(part)));
        }
        return builder.finish(root);
    }

    ObjectNode root() {
        return root;
    }

    /** What was looked up, missing ones with null. */
    Map<String, @Nullable Document> dependencies() {
        return dependencies;
    }

    /** Types that are referred to and not registered. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        dependencies.forEach((key, document) -> {
            if (document == null) {
                missing.add(key);
            }
        });
        return missing;
    }

    /** The types that were referred to, as schemas. */
    JsonNode types() {
        return root.path(TYPES);
    }

    /** The local reference to a type. */
    static String referenceTo(String key) {
        return "#/" + TYPES + '/' + Pointers.escape(key);
    }

    /** The schema a local reference leads to; a missing node when it leads nowhere. */
    JsonNode resolve(String reference) {
        return root.at(reference.substring(1));
    }

    /**
     * A reference that leads back to itself without a step into the value, so that no validation could
     * end; null when there is none. A tree's node that refers to its own type for its children is none.
     */
    @Nullable String cycle() {
        return new Cycles(this).find();
    }

    /** Copies schemas with their references rewritten, and then those referred to, until there is none. */
    private static final class Builder {
        private final View view;
        private final Map<String, @Nullable Document> dependencies = new LinkedHashMap<>();
        private final Deque<Document> waiting = new ArrayDeque<>();
        private final Set<String> homes = new HashSet<>();
        private int schemas;

        Builder(View view) {
            this.view = view;
        }

        ObjectNode copy(Part part) {
            JsonNode fragment = part.fragment();
            if (fragment == null) {
                return object(rewrite(part.home().content(), part.home(), ""));
            }
            // A fragment refers to its document by that one's place among the types.
            need(part.home());
            return object(rewrite(fragment, part.home(), place(part.home())));
        }

        private static ObjectNode object(JsonNode schema) {
            if (schema instanceof ObjectNode object) {
                return object;
            }
            ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
            wrapped.putArray(Keywords.ALL_OF).add(schema);
            return wrapped;
        }

        private static String place(Document type) {
            return TYPES + '/' + Pointers.escape(type.key());
        }

        SchemaBundle finish(ObjectNode root) {
            ObjectNode types = JsonNodeFactory.instance.objectNode();
            for (Document next = waiting.poll(); next != null; next = waiting.poll()) {
                types.set(next.key(), rewrite(next.content(), next, place(next)));
            }
            if (!types.isEmpty()) {
                root.set(TYPES, types);
            }
            return new SchemaBundle(root, dependencies);
        }

        private void need(Document document) {
            dependencies.put(document.key(), document);
            if (homes.add(document.key())) {
                if (homes.size() > MOST_TYPES) {
                    throw new TooComplexException("it refers to more than " + MOST_TYPES + " other types");
                }
                waiting.add(document);
            }
        }

        private JsonNode rewrite(JsonNode schema, Document home, String place) {
            JsonNode copy = schema.deepCopy();
            Subschemas.all("", copy, (pointer, child, same) -> {
                if (++schemas > MOST_SCHEMAS) {
                    throw new TooComplexException("it has, with all it refers to, more than " + MOST_SCHEMAS + " schemas");
                }
                if (child instanceof ObjectNode object) {
                    object.remove(List.of(Keywords.ID, "id", Keywords.SCHEMA, "$anchor", Keywords.TRAITS, Keywords.TRAITS_SCHEMA));
                    reference(object, place);
                    gtsReference(object, home);
                }
            });
            return copy;
        }

        private void reference(ObjectNode schema, String place) {
            String reference = schema.path(Keywords.REF).textValue();
            if (reference == null) {
                return;
            }
            if (reference.startsWith(GTS)) {
                String key = reference.substring(GTS.length());
                Document target = view.find(key);
                if (target != null && target.isType()) {
                    need(target);
                    schema.put(Keywords.REF, referenceTo(key));
                } else {
                    dependencies.put(key, null);
                    schema.remove(Keywords.REF);
                }
            } else if (reference.startsWith("#") && !place.isEmpty()) {
                schema.put(Keywords.REF, "#/" + place + reference.substring(1));
            }
        }

        private static void gtsReference(ObjectNode schema, Document home) {
            String operand = schema.path(Keywords.GTS_REF).textValue();
            if (operand != null && operand.startsWith("/")) {
                String resolved = GtsReferences.resolve(operand, home.content());
                if (resolved == null) {
                    schema.remove(Keywords.GTS_REF);
                } else {
                    schema.put(Keywords.GTS_REF, resolved);
                }
            }
        }
    }
}
