// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The traits of a type (GTS operation 13): what the types of its chain demand by {@code
 * x-gts-traits-schema} and say by {@code x-gts-traits}.
 */
final class Traits {
    private final GtsProfile profile;
    private final Validators validators;
    private final View view;
    private final Document type;
    private final List<Violation> found = new ArrayList<>();
    private final List<SchemaBundle.Part> schemas = new ArrayList<>();
    private final ObjectNode values = JsonNodeFactory.instance.objectNode();
    private final Map<String, JsonNode> defaults = new LinkedHashMap<>();
    /** Traits whose value a level gave that declares them itself: those below may still choose. */
    private final Set<String> open = new HashSet<>();

    private Traits(Document type, View view, GtsProfile profile, Validators validators) {
        this.type = type;
        this.view = view;
        this.profile = profile;
        this.validators = validators;
    }

    /** What is wrong; nothing when no type of the chain has traits. */
    static List<Violation> check(Document type, View view, GtsProfile profile, Validators validators) {
        Traits traits = new Traits(type, view, profile, validators);
        traits.collect();
        if (traits.found.isEmpty()) {
            traits.validate();
        }
        return traits.found;
    }

    /** The effective values, defaults included; as far as they are known when the traits are wrong. */
    static ObjectNode effective(Document type, View view, GtsProfile profile, Validators validators) {
        Traits traits = new Traits(type, view, profile, validators);
        traits.collect();
        return traits.materialised();
    }

    /** The traits schemas of the chain that allow traits they do not name. */
    static List<Violation> open(Document type, View view, GtsProfile profile, Validators validators) {
        Traits traits = new Traits(type, view, profile, validators);
        traits.collect();
        List<Violation> open = new ArrayList<>();
        for (SchemaBundle.Part part : traits.schemas) {
            if (!Flattened.isClosed(new Flattened(SchemaBundle.of(List.of(part), view)).root())) {
                open.add(new Violation("", Keywords.TRAITS_SCHEMA + " of " + part.home() + " needs \"additionalProperties\": false"));
            }
        }
        return open;
    }

    private void collect() {
        List<Document> chain = new ArrayList<>();
        List<GtsId> ancestors = Objects.requireNonNull(type.id()).ancestors();
        for (GtsId ancestor : ancestors.reversed()) {
            Document above = view.find(ancestor.toString());
            if (above != null && above.isType()) {
                chain.add(above);
            }
        }
        chain.add(type);
        chain.forEach(level -> level(level, level.content(), 0));
    }

    private void level(Document level, JsonNode schema, int depth) {
        JsonNode demanded = schema.get(Keywords.TRAITS_SCHEMA);
        if (demanded != null) {
            demand(level, demanded);
        }
        JsonNode given = schema.get(Keywords.TRAITS);
        if (given != null) {
            give(level, given, Flattened.properties(demanded == null ? JsonNodeFactory.instance.missingNode() : demanded));
        }
        if (!profile.traitsAtTopLevelOnly() && depth < 8) {
            schema.path(Keywords.ALL_OF).forEach(branch -> level(level, branch, depth + 1));
        }
    }

    private void demand(Document level, JsonNode schema) {
        SchemaBundle.Part part = new SchemaBundle.Part(level, schema);
        SchemaBundle bundle = SchemaBundle.of(List.of(part), view);
        String cycle = bundle.cycle();
        if (cycle != null) {
            wrong(level, Keywords.TRAITS_SCHEMA + " refers to itself without end, through " + cycle);
            return;
        }
        if (profile.repeatedReferencesAreCycles() && repeats(schema)) {
            wrong(level, Keywords.TRAITS_SCHEMA + " refers to one type twice");
            return;
        }
        Flattened flattened = new Flattened(bundle);
        ObjectNode root = flattened.root();
        if (root.has("type") && !root.path("type").asText().equals("object")) {
            wrong(level, Keywords.TRAITS_SCHEMA + " describes an object, not " + root.path("type"));
            return;
        }
        for (Map.Entry<String, JsonNode> property : Flattened.properties(root).properties()) {
            declare(level, property.getKey(), flattened.of(property.getValue()).get("default"));
        }
        schemas.add(part);
    }

    private static boolean repeats(JsonNode schema) {
        Set<String> seen = new HashSet<>();
        for (JsonNode branch : schema.path(Keywords.ALL_OF)) {
            String reference = branch.path(Keywords.REF).textValue();
            if (reference != null && !seen.add(reference)) {
                return true;
            }
        }
        return false;
    }

    private void declare(Document level, String name, @Nullable JsonNode value) {
        JsonNode before = defaults.get(name);
        if (value == null) {
            defaults.putIfAbsent(name, JsonNodeFactory.instance.missingNode());
        } else if (before != null && !before.isMissingNode() && !before.equals(value) && !profile.traitsMayBeOverridden()) {
            wrong(level, "the default of the trait '" + name + "' is " + before + " further up; it cannot become " + value);
        } else {
            defaults.put(name, value);
        }
    }

    /** @param declared what the level itself demands of traits */
    private void give(Document level, JsonNode traits, JsonNode declared) {
        if (!traits.isObject()) {
            wrong(level, Keywords.TRAITS + " is an object");
            return;
        }
        if (profile.traitsMayBeOverridden()) {
            merge(values, traits);
            return;
        }
        for (Map.Entry<String, JsonNode> trait : traits.properties()) {
            JsonNode before = values.get(trait.getKey());
            boolean settled = before != null && !open.contains(trait.getKey());
            if (settled && !trait.getValue().equals(before)) {
                wrong(level, "the trait '" + trait.getKey() + "' is " + before + " further up; it cannot become " + trait.getValue());
            } else {
                values.set(trait.getKey(), trait.getValue());
                if (declared.has(trait.getKey())) {
                    open.add(trait.getKey());
                } else {
                    open.remove(trait.getKey());
                }
            }
        }
    }

    /** JSON merge patch (RFC 7396). */
    private static void merge(ObjectNode target, JsonNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value.isObject()) {
                JsonNode current = target.get(entry.getKey());
                ObjectNode inner = current instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
                merge(inner, value);
                target.set(entry.getKey(), inner);
            } else {
                target.set(entry.getKey(), value);
            }
        }
    }

    private ObjectNode materialised() {
        ObjectNode all = values.deepCopy();
        defaults.forEach((name, value) -> {
            if (!all.has(name) && !value.isMissingNode()) {
                all.set(name, value);
            }
        });
        return all;
    }

    private void validate() {
        if (schemas.isEmpty()) {
            if (!values.isEmpty()) {
                wrong(type, "no type of the chain has an " + Keywords.TRAITS_SCHEMA + ", so that the traits mean nothing");
            }
            return;
        }
        ObjectNode all = materialised();
        if (!profile.onlyRequiredTraits() && !type.isAbstract()) {
            defaults.keySet().stream().filter(name -> !all.has(name)).forEach(name ->
                    wrong(type, "the trait '" + name + "' has neither a value nor a default"));
        }
        SchemaBundle bundle = SchemaBundle.of(schemas, view);
        if (type.isAbstract()) {
            // What is still missing is for the types below it to say.
            withoutRequired(bundle.root());
            bundle.types().forEach(Traits::withoutRequired);
        }
        try {
            validators.compile(bundle, type.content(), view)
                    .validate(all)
                    .forEach(violation -> wrong(type, "trait " + violation));
        } catch (UnresolvedException e) {
            wrong(type, Keywords.TRAITS_SCHEMA + ": " + e.reason());
        }
    }

    private static void withoutRequired(JsonNode root) {
        Subschemas.all("", root, (pointer, schema, same) -> {
            if (schema instanceof ObjectNode object) {
                object.remove(Keywords.REQUIRED);
            }
        });
    }

    private void wrong(Document level, String message) {
        found.add(new Violation("", level == type ? message : "in " + level + " " + message));
    }
}
