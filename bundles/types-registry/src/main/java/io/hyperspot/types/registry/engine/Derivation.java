// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whether a type only narrows the one it derives from (GTS operation 12). A property that the derived type
 * restates replaces the base's definition for this check: what it leaves out counts as given up.
 */
final class Derivation {
    private static final int MAX_DEPTH = 64;

    private final GtsProfile profile;
    private final List<Violation> found = new ArrayList<>();
    private final Set<Pair> compared = new HashSet<>();
    private final Flattened bases;
    private final Flattened overlays;

    /** Definitions of one property. Types that refer to themselves lead to the same ones again and again. */
    private record Pair(JsonNode base, JsonNode over) {}

    private Derivation(GtsProfile profile, SchemaBundle base, SchemaBundle derived) {
        this.profile = profile;
        this.bases = new Flattened(base);
        this.overlays = new Flattened(derived);
    }

    /** What is wrong along the chain of a type, itself included; a type without a parent is always right. */
    static List<Violation> check(Document type, View view, GtsProfile profile) {
        List<Violation> found = new ArrayList<>();
        Document derived = type;
        SchemaBundle bundle = SchemaBundle.of(type, view);
        for (GtsId ancestor : Objects.requireNonNull(type.id()).ancestors()) {
            Document base = view.find(ancestor.toString());
            if (base == null || !base.isType()) {
                found.add(new Violation("", "the type " + ancestor + ", which " + derived + " derives from, is not registered"));
                return found;
            }
            if (base.isFinal()) {
                found.add(new Violation("", "the type " + base + " is final: nothing derives from it"));
            }
            if (profile.oneDialectPerHierarchy() && !base.content().path(Keywords.SCHEMA).equals(derived.content().path(Keywords.SCHEMA))) {
                found.add(new Violation(
                        "/$schema",
                        derived + " is of another dialect than " + base + ", whose $schema is "
                                + base.content().path(Keywords.SCHEMA)));
            }
            SchemaBundle above = SchemaBundle.of(base, view);
            for (Violation violation : pair(above, derived, bundle, profile)) {
                found.add(derived == type ? violation : new Violation("", "in " + derived + " " + violation));
            }
            derived = base;
            bundle = above;
        }
        return found;
    }

    private static List<Violation> pair(SchemaBundle base, Document derived, SchemaBundle bundle, GtsProfile profile) {
        Set<String> inherited = new HashSet<>();
        Objects.requireNonNull(derived.id()).ancestors().forEach(id -> inherited.add(SchemaBundle.referenceTo(id.toString())));
        Derivation check = new Derivation(profile, base, bundle);
        Set<String> used = new HashSet<>();
        ObjectNode overlay = check.overlays.of(bundle.root(), reference -> {
            boolean parent = inherited.contains(reference);
            if (parent) {
                used.add(reference);
            }
            return parent;
        });
        // Without a reference to its parent a type stands alone: what it does not repeat is gone.
        boolean alone = profile.closedBaseStaysClosed() && used.isEmpty();
        check.object("", check.bases.root(), overlay, alone, profile.closedBaseStaysClosed() && !alone, 0);
        return check.found;
    }

    /**
     * @param alone whether properties and requirements of the base that are not repeated are lost
     * @param closed whether a closed base closes the overlay too
     */
    private void object(String pointer, JsonNode base, JsonNode over, boolean alone, boolean closed, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        JsonNode known = Flattened.properties(base);
        JsonNode given = Flattened.properties(over);
        if (Flattened.isClosed(base)) {
            if (!closed && !Flattened.isClosed(over)) {
                found.add(new Violation(
                        pointer, "the base type is closed; repeat \"additionalProperties\": false"));
            }
            given.fieldNames().forEachRemaining(name -> {
                if (!known.has(name)) {
                    found.add(new Violation(
                            property(pointer, name), "the base type is closed and has no property '" + name + "'"));
                }
            });
        }
        if (alone) {
            Set<String> required = Flattened.required(over);
            Flattened.required(base).stream().filter(name -> !required.contains(name)).sorted().forEach(name ->
                    found.add(new Violation(pointer, "the base type requires '" + name + "'")));
        }
        for (Map.Entry<String, JsonNode> property : known.properties()) {
            JsonNode restated = given.get(property.getKey());
            String at = property(pointer, property.getKey());
            if (restated != null) {
                if (compared.add(new Pair(property.getValue(), restated))) {
                    value(at, bases.of(property.getValue()), overlays.of(restated), depth + 1);
                }
            } else if (alone && !Flattened.isClosed(over)) {
                found.add(new Violation(at, "the base type says what '" + property.getKey() + "' is; repeat it, or refer to the base type in allOf"));
            }
        }
    }

    private static String property(String pointer, String name) {
        return Pointers.child(pointer + "/properties", name);
    }

    private void value(String pointer, ObjectNode base, ObjectNode over, int depth) {
        if (over.has(Flattened.NEVER)) {
            found.add(new Violation(pointer, "the property can have no value any more"));
            return;
        }
        Set<JsonNode> listed = Constraints.listed(over);
        if (listed != null) {
            listed.stream().filter(value -> !Constraints.satisfies(value, base)).forEach(value ->
                    found.add(new Violation(pointer, value + " is not a value that the base type allows")));
            types(pointer, base, over);
            return;
        }
        if (Constraints.listed(base) != null) {
            found.add(new Violation(pointer, "the base type lists the values by " + (base.has("const") ? "const" : "enum") + "; repeat them or fewer"));
        }
        types(pointer, base, over);
        bounds(pointer, base, over);
        for (String name : List.of("pattern", "format")) {
            boolean dropped = !over.has(name) && name.equals("pattern");
            if (base.has(name) && (dropped || (over.has(name) && !base.path(name).equals(over.path(name))))) {
                found.add(new Violation(Pointers.child(pointer, name), "the base type's " + name + " is " + base.path(name) + "; repeat it as it is"));
            }
        }
        if (base.path("uniqueItems").asBoolean() && over.has("uniqueItems") && !over.path("uniqueItems").asBoolean()) {
            found.add(new Violation(Pointers.child(pointer, "uniqueItems"), "the base type's items are unique"));
        }
        items(pointer, base, over, depth);
        if (base.has(Keywords.PROPERTIES) || Flattened.isClosed(base)) {
            object(pointer, base, over, false, profile.closedBaseStaysClosed(), depth);
        }
    }

    private void types(String pointer, JsonNode base, JsonNode over) {
        Set<String> wide = Constraints.types(base);
        Set<String> narrow = Constraints.types(over);
        if (!wide.isEmpty() && !Constraints.typesWithin(narrow, wide)) {
            found.add(new Violation(Pointers.child(pointer, "type"), over.path("type") + " is not within the base type's " + base.path("type")));
        }
    }

    private void bounds(String pointer, JsonNode base, JsonNode over) {
        Constraints.LOWER.forEach(name -> bound(pointer, name, base, over, 1));
        Constraints.UPPER.forEach(name -> bound(pointer, name, base, over, -1));
    }

    private void bound(String pointer, String name, JsonNode base, JsonNode over, int sign) {
        JsonNode bound = base.path(name);
        if (!bound.isNumber()) {
            return;
        }
        JsonNode given = over.path(name);
        if (!given.isNumber() || Constraints.compare(given, bound) * sign < 0) {
            found.add(new Violation(
                    Pointers.child(pointer, name),
                    "the base type's " + name + " is " + bound + "; " + (given.isNumber() ? given + " is looser" : "repeat it or a stricter one")));
        }
    }

    private void items(String pointer, JsonNode base, JsonNode over, int depth) {
        if (!base.path("items").isObject()) {
            return;
        }
        String at = Pointers.child(pointer, "items");
        if (!over.has("items")) {
            found.add(new Violation(at, "the base type says what the items are; repeat it"));
        } else if (depth < MAX_DEPTH && compared.add(new Pair(base.path("items"), over.path("items")))) {
            value(at, bases.of(base.path("items")), overlays.of(over.path("items")), depth + 1);
        }
    }
}
