// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.PatternSyntaxException;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every schema must keep to on its own, whatever else is registered. */
final class SchemaRules {
    private static final int MAX_EXPRESSIONS = 100;

    private final GtsProfile profile;

    SchemaRules(GtsProfile profile) {
        this.profile = profile;
    }

    /** All that is wrong; empty when nothing is. */
    List<Violation> check(JsonNode schema) {
        List<Violation> found = new ArrayList<>();
        id(schema, found);
        modifiers(schema, found);
        Subschemas.all("", schema, (pointer, child, same) -> subschema(pointer, child, schema, found));
        return found;
    }

    private static void id(JsonNode schema, List<Violation> found) {
        JsonNode id = schema.path(Keywords.ID);
        if (!id.isTextual()) {
            found.add(new Violation("", "a schema needs \"$id\": \"gts://<type id>\""));
            return;
        }
        try {
            if (!GtsId.parseUri(id.textValue()).isType()) {
                found.add(new Violation("/$id", "a schema's id ends with '~'; " + id.textValue() + " is an instance"));
            }
        } catch (GtsSyntaxException e) {
            found.add(new Violation("/$id", String.valueOf(e.getMessage())));
        }
    }

    private static void modifiers(JsonNode schema, List<Violation> found) {
        for (String name : List.of(Keywords.FINAL, Keywords.ABSTRACT)) {
            if (schema.has(name) && !schema.path(name).isBoolean()) {
                found.add(new Violation('/' + name, name + " is true or false"));
            }
        }
        if (schema.path(Keywords.FINAL).asBoolean() && schema.path(Keywords.ABSTRACT).asBoolean()) {
            found.add(new Violation(
                    '/' + Keywords.FINAL, "a type cannot be final and abstract: nothing could ever be of it"));
        }
    }

    private void subschema(String pointer, JsonNode schema, JsonNode root, List<Violation> found) {
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            String at = Pointers.child(pointer, entry.getKey());
            switch (entry.getKey()) {
                case Keywords.REF -> reference(at, entry.getValue(), found);
                case Keywords.GTS_REF -> {
                    String malformed = GtsReferences.malformed(entry.getValue(), root, profile);
                    if (malformed != null) {
                        found.add(new Violation(at, malformed));
                    }
                }
                case Keywords.FINAL, Keywords.ABSTRACT -> {
                    if (!pointer.isEmpty()) {
                        found.add(new Violation(at, entry.getKey() + " stands at the top level of a schema only"));
                    }
                }
                case Keywords.TRAITS, Keywords.TRAITS_SCHEMA -> {
                    if (profile.traitsAtTopLevelOnly() && !pointer.isEmpty()) {
                        found.add(new Violation(at, entry.getKey() + " stands at the top level of a schema only"));
                    }
                }
                case "pattern" -> expression(at, entry.getValue().asText(), found);
                case "patternProperties" -> expressions(at, entry.getValue(), found);
                default -> {}
            }
        }
    }

    /** Keywords that look like those of GTS and are none. */
    static List<Violation> unknownKeywords(JsonNode schema) {
        List<Violation> found = new ArrayList<>();
        Subschemas.all("", schema, (pointer, child, same) -> child.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("x-gts-") && !Keywords.GTS.contains(name)) {
                found.add(new Violation(Pointers.child(pointer, name), name + " is no keyword of GTS"));
            }
        }));
        return found;
    }

    private static void reference(String at, JsonNode value, List<Violation> found) {
        String ref = value.asText();
        if (value.isTextual() && (ref.equals("#") || ref.startsWith("#/"))) {
            return;
        }
        String wrong = value.isTextual() ? wrong(ref) : "it is not a string";
        if (wrong != null) {
            found.add(new Violation(
                    at,
                    "$ref is a JSON pointer in this document, as #/definitions/x, or a registered type, as"
                            + " gts://<type id>: " + wrong));
        }
    }

    private static @Nullable String wrong(String uri) {
        try {
            GtsId.parseUri(uri);
            return null;
        } catch (GtsSyntaxException e) {
            return e.getMessage();
        }
    }

    private static void expressions(String at, JsonNode value, List<Violation> found) {
        if (value.size() > MAX_EXPRESSIONS) {
            found.add(new Violation(at, "at most " + MAX_EXPRESSIONS + " expressions: each is tried on each property"));
            return;
        }
        value.fieldNames().forEachRemaining(name -> expression(Pointers.child(at, name), name, found));
    }

    private static void expression(String at, String expression, List<Violation> found) {
        try {
            Expressions.compile(expression);
        } catch (PatternSyntaxException e) {
            found.add(new Violation(
                    at,
                    "the regular expression is not accepted: " + e.getMessage()
                            + " (RE2 syntax: no look-around, no back-references, so that matching takes linear"
                            + " time)"));
        }
    }
}
