// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsQuery;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the Global Type System over a view, by one profile. Holds compiled types; thread-safe.
 */
public final class GtsEngine {
    private final GtsProfile profile;
    private final SchemaRules rules;
    private final Validators validators;

    public GtsEngine(GtsProfile profile) {
        this.profile = profile;
        this.rules = new SchemaRules(profile);
        this.validators = new Validators(profile);
    }

    public GtsProfile profile() {
        return profile;
    }

    /**
     * Makes a document of JSON.
     *
     * @throws RefusedException when it is no object, has no id, or is a schema that breaks a rule that
     *     schemas keep to whatever else is registered
     */
    public Document document(JsonNode content) throws RefusedException {
        if (!content.isObject()) {
            throw new RefusedException(List.of(new Violation("", "a document is one JSON object")));
        }
        Identification identification = Identification.of(content);
        if (identification.isType()) {
            List<Violation> wrong = rules.check(content);
            if (!wrong.isEmpty()) {
                throw new RefusedException(wrong);
            }
        }
        String key = identification.id();
        if (key == null) {
            throw new RefusedException(List.of(new Violation(
                    "", "an instance needs \"id\": \"<its id>\" (and a schema needs \"$schema\")")));
        }
        return new Document(key, identification.isType(), id(key), identification.typeId(), content);
    }

    /** The key as an id; null when it is none, as the id of an anonymous instance. */
    private static @Nullable GtsId id(String key) {
        if (!key.startsWith("gts.")) {
            return null;
        }
        try {
            return GtsId.parse(key);
        } catch (GtsSyntaxException e) {
            return null;
        }
    }

    /** All that is wrong with a registered or new type or instance. */
    public List<Violation> validate(Document document, View view) {
        return document.isType() ? validateType(document, view) : validateInstance(document, view);
    }

    /** Whether a type fits the chain above it and its traits are complete. */
    public List<Violation> validateType(Document type, View view) {
        try {
            return typeViolations(type, view);
        } catch (TooComplexException e) {
            return List.of(new Violation("", "the type cannot be checked: " + e.reason()));
        }
    }

    private List<Violation> typeViolations(Document type, View view) {
        List<Violation> malformed = JsonSchemaRules.check(type.content());
        if (!malformed.isEmpty()) {
            return malformed;
        }
        SchemaBundle bundle = SchemaBundle.of(type, view);
        String cycle = bundle.cycle();
        if (cycle != null) {
            return List.of(new Violation("", "the type refers to itself without end, through " + cycle));
        }
        List<Violation> found = new ArrayList<>();
        if (profile.referencesMustResolve()) {
            bundle.missing().forEach(key -> found.add(new Violation("", "it refers to " + key + ", which is not registered")));
        }
        if (profile.unknownKeywordsRefused()) {
            found.addAll(SchemaRules.unknownKeywords(type.content()));
        }
        found.addAll(Derivation.check(type, view, profile));
        found.addAll(Traits.check(type, view, profile, validators));
        return found;
    }

    /** What the specification's operation on entities finds: of types in draft 0.11 more than validation. */
    public List<Violation> validateEntity(Document document, View view) {
        List<Violation> found = new ArrayList<>(validate(document, view));
        if (found.isEmpty() && document.isType() && profile.traitsMustBeClosed()) {
            found.addAll(Traits.open(document, view, profile, validators));
        }
        return found;
    }

    /** Whether an instance is valid by its rightmost type. */
    public List<Violation> validateInstance(Document instance, View view) {
        List<Violation> found = new ArrayList<>();
        if (!profile.keywordsInInstances()) {
            for (String name : Keywords.GTS) {
                if (instance.content().has(name)) {
                    found.add(new Violation(Pointers.child("", name), name + " is for schemas; this is an instance"));
                }
            }
        }
        String typeId = instance.typeId();
        if (typeId == null) {
            found.add(new Violation("", "the instance does not say its type: use a chained id, or the member \"type\""));
            return found;
        }
        Document type = view.find(typeId);
        if (type == null || !type.isType()) {
            found.add(new Violation("", "its type " + typeId + " is not registered"));
            return found;
        }
        if (type.isAbstract()) {
            found.add(new Violation("", "its type " + typeId + " is abstract; use a type derived from it"));
        }
        try {
            found.addAll(validators.of(type, view).validate(instance.content()));
        } catch (UnresolvedException e) {
            found.add(new Violation("", "its type " + typeId + " cannot be used: " + e.reason()));
        }
        return found;
    }

    /** Whether a value is valid by a type; the value needs no id. */
    public List<Violation> validateValue(JsonNode value, Document type, View view) {
        try {
            return validators.of(type, view).validate(value);
        } catch (UnresolvedException e) {
            return List.of(new Violation("", "the type " + type + " cannot be used: " + e.reason()));
        }
    }

    /** The traits that a type has in the end; none when it is too complex. */
    public ObjectNode traits(Document type, View view) {
        try {
            return Traits.effective(type, view, profile, validators);
        } catch (TooComplexException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** The properties of a type with those it inherits, for people; none when it is too complex. */
    public List<Property> properties(Document type, View view) {
        try {
            return Property.of(type, view);
        } catch (TooComplexException e) {
            return List.of();
        }
    }

    public Compatibility compatibility(Document old, Document next, View view) {
        return Compatibility.between(old, next, view, profile);
    }

    public Cast cast(Document instance, Document target, View view) {
        return Cast.of(instance.content(), target, view);
    }

    public Relationships relationships(String key, View view) {
        return Relationships.of(key, view);
    }

    public List<Document> query(GtsQuery query, View view, int limit) {
        return Queries.answer(query, view, limit);
    }

    public boolean matches(GtsPattern pattern, GtsId id) {
        return Queries.matches(pattern, id, profile);
    }

    /** The UUID that stands for an id (GTS operation 5). */
    public UUID uuid(GtsId id) {
        return profile.embeddedUuids() ? id.uuidTail().orElseGet(id::uuid) : id.uuid();
    }

    /** Forgets what was compiled of types that are not there any more. */
    public void retain(Predicate<Document> there) {
        validators.retain(there);
    }
}
