// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changes between two versions of a type (GTS operation 8), compared property by property.
 *
 * @param backwardErrors why data of the old version is not valid in the new one
 * @param forwardErrors why data of the new version is not valid in the old one
 * @param added properties that only the new version names; a path has dots
 * @param removed properties that only the old version names
 * @param changed properties that both name, and define differently
 */
public record Compatibility(
        List<String> backwardErrors,
        List<String> forwardErrors,
        List<String> added,
        List<String> removed,
        List<String> changed) {

    /** Whether what is valid by the old version is valid by the new one. */
    public boolean isBackward() {
        return backwardErrors.isEmpty();
    }

    /** Whether what is valid by the new version is valid by the old one. */
    public boolean isForward() {
        return forwardErrors.isEmpty();
    }

    /** Compares two types. */
    static Compatibility between(Document old, Document next, View view, GtsProfile profile) {
        try {
            Comparison comparison = new Comparison(
                    new Flattened(SchemaBundle.of(old, view)),
                    new Flattened(SchemaBundle.of(next, view)),
                    profile.compatibilityBySets());
            comparison.object("", comparison.old.root(), comparison.next.root(), 0);
            return comparison.result();
        } catch (TooComplexException e) {
            List<String> errors = List.of("the types cannot be compared: " + e.reason());
            return new Compatibility(errors, errors, List.of(), List.of(), List.of());
        }
    }

    /** Definitions of one property. Types that refer to themselves lead to the same ones again and again. */
    private record Pair(JsonNode was, JsonNode is) {}

    private static final class Comparison {
        private static final int MAX_DEPTH = 32;
        private static final List<String> OPAQUE = List.of(
                "anyOf",
                "oneOf",
                "not",
                "if",
                "then",
                "else",
                "patternProperties",
                "propertyNames",
                "dependencies",
                "dependentSchemas",
                "dependentRequired",
                "contains",
                "prefixItems",
                "additionalItems",
                "multipleOf",
                "uniqueItems");

        private final Flattened old;
        private final Flattened next;
        private final boolean bySets;
        private final List<String> backward = new ArrayList<>();
        private final List<String> forward = new ArrayList<>();
        private final Set<String> added = new LinkedHashSet<>();
        private final Set<String> removed = new LinkedHashSet<>();
        private final Set<String> changed = new LinkedHashSet<>();
        private final Set<Pair> compared = new HashSet<>();

        Comparison(Flattened old, Flattened next, boolean bySets) {
            this.old = old;
            this.next = next;
            this.bySets = bySets;
        }

        Compatibility result() {
            return new Compatibility(
                    List.copyOf(backward),
                    List.copyOf(forward),
                    List.copyOf(added),
                    List.copyOf(removed),
                    List.copyOf(changed));
        }

        private void object(String path, JsonNode was, JsonNode is, int depth) {
            if (depth > MAX_DEPTH) {
                return;
            }
            required(path, Flattened.required(was), Flattened.required(is));
            JsonNode before = Flattened.properties(was);
            JsonNode after = Flattened.properties(is);
            for (Map.Entry<String, JsonNode> property : after.properties()) {
                if (!before.has(property.getKey())) {
                    added.add(join(path, property.getKey()));
                    onlyOne(path, property.getKey(), Flattened.isClosed(was), backward, forward, "added");
                }
            }
            for (Map.Entry<String, JsonNode> property : before.properties()) {
                String name = property.getKey();
                if (after.has(name)) {
                    definition(join(path, name), property.getValue(), after.path(name), depth);
                } else {
                    removed.add(join(path, name));
                    onlyOne(path, name, Flattened.isClosed(is), forward, backward, "removed");
                }
            }
            closing(path, Flattened.isClosed(was), Flattened.isClosed(is));
            if (path.isEmpty()) {
                opaque(path, was, is);
            }
        }

        /** A property that one version names: by sets, whether the other one is open decides. */
        private void onlyOne(
                String path, String name, boolean otherClosed, List<String> ifOpen, List<String> ifClosed, String what) {
            if (bySets) {
                (otherClosed ? ifClosed : ifOpen).add("property '" + join(path, name) + "' was " + what + (otherClosed ? ", and the other version allows no more" : "; the other version allows anything there"));
            }
        }

        private void closing(String path, boolean was, boolean is) {
            if (bySets && was != is) {
                (is ? backward : forward).add("'" + (path.isEmpty() ? "the object" : path) + "' allows further properties in one version only");
            }
        }

        private void required(String path, Set<String> was, Set<String> is) {
            is.stream().filter(name -> !was.contains(name)).sorted().forEach(name ->
                    backward.add("property '" + join(path, name) + "' became required"));
            was.stream().filter(name -> !is.contains(name)).sorted().forEach(name ->
                    forward.add("property '" + join(path, name) + "' is not required any more"));
        }

        private void definition(String path, JsonNode was, JsonNode is, int depth) {
            if (compared.add(new Pair(was, is))) {
                value(path, old.of(was), next.of(is), depth + 1);
            }
        }

        private void value(String path, ObjectNode was, ObjectNode is, int depth) {
            int errors = backward.size() + forward.size();
            types(path, Constraints.types(was), Constraints.types(is));
            listed(path, was, is);
            Constraints.LOWER.forEach(name -> bound(path, name, was, is, 1));
            Constraints.UPPER.forEach(name -> bound(path, name, was, is, -1));
            for (String name : List.of("pattern", "format", Keywords.GTS_REF)) {
                text(path, name, was, is);
            }
            opaque(path, was, is);
            if (was.path("items").isObject() && is.path("items").isObject() && depth < MAX_DEPTH) {
                definition(path + "[]", was.path("items"), is.path("items"), depth);
            } else if (was.has("items") != is.has("items")) {
                (is.has("items") ? backward : forward).add("the items of '" + path + "' are said in one version only");
            }
            if (!Flattened.properties(was).isEmpty() || !Flattened.properties(is).isEmpty() || was.has(Keywords.ADDITIONAL) || is.has(Keywords.ADDITIONAL)) {
                object(path, was, is, depth);
            }
            if (backward.size() + forward.size() > errors) {
                changed.add(path);
            }
        }

        private void types(String path, Set<String> was, Set<String> is) {
            if (!bySets) {
                if (!was.isEmpty() && !is.isEmpty() && !was.equals(is)) {
                    String change = "the type of '" + path + "' changed from " + was + " to " + is;
                    backward.add(change);
                    forward.add(change);
                }
                return;
            }
            if (!is.isEmpty() && (was.isEmpty() || !Constraints.typesWithin(was, is))) {
                backward.add("the type of '" + path + "' became narrower");
            }
            if (!was.isEmpty() && (is.isEmpty() || !Constraints.typesWithin(is, was))) {
                forward.add("the type of '" + path + "' became wider");
            }
        }

        private void listed(String path, JsonNode was, JsonNode is) {
            Set<JsonNode> before = Constraints.listed(was);
            Set<JsonNode> after = Constraints.listed(is);
            if (before == null && after == null) {
                return;
            }
            if (before != null && after != null) {
                // Draft 0.11 takes the ids in const for the version itself, not for a change.
                if (!bySets && versions(before) && versions(after)) {
                    return;
                }
                if (!after.containsAll(before)) {
                    Set<JsonNode> gone = new HashSet<>(before);
                    gone.removeAll(after);
                    (bySets ? backward : forward).add("'" + path + "' cannot be any of " + gone + " any more");
                }
                if (!before.containsAll(after)) {
                    Set<JsonNode> more = new HashSet<>(after);
                    more.removeAll(before);
                    (bySets ? forward : backward).add("'" + path + "' can also be any of " + more);
                }
                return;
            }
            (after != null ? backward : forward).add("the values of '" + path + "' are listed in one version only");
        }

        private static boolean versions(Set<JsonNode> values) {
            return values.size() == 1 && values.iterator().next().asText("").startsWith("gts.");
        }

        private void bound(String path, String name, JsonNode was, JsonNode is, int sign) {
            JsonNode before = was.path(name);
            JsonNode after = is.path(name);
            if (after.isNumber() && (!before.isNumber() || Constraints.compare(after, before) * sign > 0)) {
                backward.add(name + " of '" + path + "' became stricter: " + after);
            }
            if (before.isNumber() && (!after.isNumber() || Constraints.compare(before, after) * sign > 0)) {
                forward.add(name + " of '" + path + "' became looser: " + (after.isNumber() ? after : "none"));
            }
        }

        private void text(String path, String name, JsonNode was, JsonNode is) {
            if (is.has(name) && !is.path(name).equals(was.path(name))) {
                backward.add(name + " of '" + path + "' became " + is.path(name));
            }
            if (was.has(name) && !was.path(name).equals(is.path(name))) {
                forward.add(name + " of '" + path + "' is not " + was.path(name) + " any more");
            }
        }

        /** What cannot be compared is taken for incompatible once it differs: nobody may rely on it. */
        private void opaque(String path, JsonNode was, JsonNode is) {
            for (String name : OPAQUE) {
                if (!was.path(name).equals(is.path(name))) {
                    String message = "'" + (path.isEmpty() ? "the object" : path) + "' differs in " + name + ", which is not compared";
                    backward.add(message);
                    forward.add(message);
                }
            }
        }

        private static String join(String path, String name) {
            return path.isEmpty() ? name : path + '.' + name;
        }
    }
}
