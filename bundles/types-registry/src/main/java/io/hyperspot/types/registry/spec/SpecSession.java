// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPath;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsQuery;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.Attributes;
import io.hyperspot.types.registry.engine.Cast;
import io.hyperspot.types.registry.engine.Compatibility;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.Identification;
import io.hyperspot.types.registry.engine.Relationships;
import io.hyperspot.types.registry.engine.Violation;
import io.hyperspot.types.registry.store.Registered;
import io.hyperspot.types.registry.store.Registration;
import io.hyperspot.types.registry.store.Store;
import io.hyperspot.types.registry.store.TenantView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of the specification's surface: what its tenant sees now. */
final class SpecSession {
    private static final int MOST_RESULTS = 1000;

    private final Store store;
    private final GtsEngine engine;
    private final TenantId tenant;
    private final TenantView view;

    SpecSession(Store store, TenantId tenant) {
        this.store = store;
        this.engine = store.engine();
        this.tenant = tenant;
        this.view = store.current().view(tenant);
    }

    ObjectNode list(int limit) {
        Collection<Document> documents = view.documents();
        ObjectNode answer = SpecSurface.object();
        ArrayNode entities = answer.putArray("entities");
        documents.stream().limit(Math.min(limit, MOST_RESULTS)).forEach(document -> entities.add(identity(document)));
        return answer.put("count", entities.size()).put("total", documents.size());
    }

    ObjectNode entity(String key) {
        Document document = view.find(key);
        if (document == null) {
            return SpecSurface.object().put("ok", false).put("error", missing(key));
        }
        ObjectNode answer = SpecSurface.object().put("ok", true);
        answer.setAll(identity(document));
        answer.set("content", document.content());
        return answer;
    }

    private static ObjectNode identity(Document document) {
        ObjectNode answer = SpecSurface.object().put("id", document.key()).put("type_id", document.typeId());
        Ids.type(answer, document.isType());
        return answer;
    }

    static ObjectNode extract(JsonNode body) {
        Identification found = Identification.of(body);
        ObjectNode answer = SpecSurface.object()
                .put("id", found.id())
                .put("type_id", found.typeId())
                .put("selected_entity_field", found.idField())
                .put("selected_type_id_field", found.typeField());
        Ids.type(answer, found.isType());
        return answer;
    }

    ObjectNode match(String candidate, String pattern) {
        ObjectNode answer = SpecSurface.object().put("candidate", candidate).put("pattern", pattern);
        GtsPattern parsed;
        try {
            parsed = GtsPattern.parse(pattern);
        } catch (GtsSyntaxException e) {
            return answer.put("match", false).put("error", "Invalid pattern: " + e.getMessage());
        }
        try {
            boolean match = candidate.endsWith("*")
                    ? parsed.covers(GtsPattern.parse(candidate))
                    : engine.matches(parsed, GtsId.parse(candidate));
            return answer.put("match", match);
        } catch (GtsSyntaxException e) {
            return answer.put("match", false).put("error", "Invalid candidate: " + e.getMessage());
        }
    }

    ObjectNode uuid(String text) {
        ObjectNode answer = SpecSurface.object().put("id", text);
        try {
            return answer.put("uuid", engine.uuid(GtsId.parse(text)).toString());
        } catch (GtsSyntaxException e) {
            return answer.put("uuid", "").put("error", e.getMessage());
        }
    }

    ObjectNode register(JsonNode document, boolean validate, String actor) {
        return register(List.of(document), validate, actor).getFirst();
    }

    private List<ObjectNode> register(List<JsonNode> documents, boolean validate, String actor) {
        List<ObjectNode> answers = new ArrayList<>(documents.size());
        for (Registration result : store.register(tenant, documents, new Registration.Mode(validate, false, false), actor)) {
            answers.add(switch (result) {
                case Registration.Done done -> SpecSurface.object().put("ok", true).setAll(identity(done.entity().document()));
                case Registration.Refused refused -> SpecSurface.object().put("ok", false).put("id", refused.key()).put("error", refused.message());
            });
        }
        return answers;
    }

    ObjectNode registerAll(JsonNode body, String actor) {
        List<JsonNode> documents = new ArrayList<>();
        body.forEach(documents::add);
        ObjectNode answer = SpecSurface.object();
        List<ObjectNode> results = register(documents, false, actor);
        answer.put("ok", results.stream().allMatch(result -> result.path("ok").asBoolean()));
        answer.putArray("results").addAll(results);
        return answer;
    }

    ObjectNode registerSchema(String typeId, JsonNode schema, String actor) {
        if (!typeId.endsWith("~")) {
            return SpecSurface.object().put("ok", false).put("id", typeId).put("error", "a type id ends with '~'");
        }
        if (!(schema.deepCopy() instanceof ObjectNode document)) {
            return SpecSurface.object().put("ok", false).put("id", typeId).put("error", "\"type_schema\" is an object");
        }
        document.put("$id", "gts://" + typeId);
        if (!document.has("$schema")) {
            document.put("$schema", "http://json-schema.org/draft-07/schema#");
        }
        return register(document, false, actor);
    }

    ObjectNode validateInstance(String id) {
        Document document = view.find(id);
        ObjectNode answer = SpecSurface.object().put("id", id);
        if (document == null || document.isType()) {
            return answer.put("ok", false).put("error", document == null ? missing(id) : id + " is a type");
        }
        return verdict(answer, engine.validateInstance(document, view));
    }

    ObjectNode validateType(String id) {
        Document document = view.find(id);
        ObjectNode answer = SpecSurface.object().put("id", id);
        if (document == null || !document.isType()) {
            return answer.put("ok", false).put("error", document == null ? missing(id) : id + " is an instance");
        }
        return verdict(answer, engine.validateType(document, view));
    }

    ObjectNode validateEntity(String id) {
        Document document = view.find(id);
        ObjectNode answer = SpecSurface.object().put("id", id);
        if (document == null) {
            return answer.put("ok", false).put("entity_type", id.endsWith("~") ? "schema" : "instance").put("error", missing(id));
        }
        answer.put("entity_type", document.isType() ? "schema" : "instance");
        return verdict(answer, engine.validateEntity(document, view));
    }

    private static ObjectNode verdict(ObjectNode answer, List<Violation> violations) {
        answer.put("ok", violations.isEmpty());
        return violations.isEmpty() ? answer : answer.put("error", Violation.text(violations));
    }

    ObjectNode relationships(String id) {
        return node(engine.relationships(id, view));
    }

    private static ObjectNode node(Relationships relationships) {
        ObjectNode answer = SpecSurface.object().put("id", relationships.id());
        if (!relationships.refs().isEmpty()) {
            ObjectNode refs = answer.putObject("refs");
            relationships.refs().forEach((path, target) -> refs.set(path, node(target)));
        }
        Relationships type = relationships.type();
        if (type != null) {
            answer.set("type_id", node(type));
        }
        if (!relationships.errors().isEmpty()) {
            Ids.texts(answer, "errors", relationships.errors());
        }
        return answer;
    }

    ObjectNode compatibility(String oldId, String newId) {
        return compatibility(oldId, newId, view.find(oldId), view.find(newId));
    }

    private ObjectNode compatibility(String oldId, String newId, @Nullable Document old, @Nullable Document next) {
        ObjectNode answer = SpecSurface.object().put("from", oldId).put("to", newId).put("old", oldId).put("new", newId);
        if (old == null || next == null || !old.isType() || !next.isType()) {
            answer.put("direction", "unknown");
            for (String name : List.of("is_backward_compatible", "is_forward_compatible", "is_fully_compatible")) {
                answer.put(name, false);
            }
            for (String name : List.of("backward_compatibility", "forward_compatibility", "full_compatibility")) {
                answer.put(name, "unknown");
            }
            return answer.put("error", missing(old == null || !old.isType() ? oldId : newId)).putNull("casted_entity");
        }
        Compatibility verdict = engine.compatibility(old, next, view);
        answer.put("direction", direction(old, next));
        Ids.texts(answer, "added_properties", verdict.added());
        Ids.texts(answer, "removed_properties", verdict.removed());
        Ids.texts(answer, "changed_properties", verdict.changed());
        boolean full = verdict.isBackward() && verdict.isForward();
        answer.put("is_backward_compatible", verdict.isBackward())
                .put("is_forward_compatible", verdict.isForward())
                .put("is_fully_compatible", full)
                .put("backward_compatibility", word(verdict.isBackward()))
                .put("forward_compatibility", word(verdict.isForward()))
                .put("full_compatibility", word(full));
        Ids.texts(answer, "incompatibility_reasons", List.of());
        Ids.texts(answer, "backward_errors", verdict.backwardErrors());
        Ids.texts(answer, "forward_errors", verdict.forwardErrors());
        return answer.putNull("casted_entity");
    }

    private static String word(boolean compatible) {
        return compatible ? "compatible" : "incompatible";
    }

    private static String direction(Document old, Document next) {
        GtsId from = old.id();
        GtsId to = next.id();
        if (from == null || to == null) {
            return "unknown";
        }
        int order = Integer.compare(to.segments().getLast().minor(), from.segments().getLast().minor());
        return order > 0 ? "up" : order < 0 ? "down" : "none";
    }

    ObjectNode cast(String instanceId, String typeId) {
        Registered entity = view.registered(instanceId);
        if (instanceId.endsWith("~") || (entity != null && entity.document().isType())) {
            return SpecSurface.object().put("from", instanceId).put("to", typeId).put("error", instanceId + " must be an instance, not a type");
        }
        if (entity == null) {
            return SpecSurface.object().put("from", instanceId).put("to", typeId).put("error", missing(instanceId));
        }
        String currentId = entity.document().typeId();
        Document current = currentId == null ? null : view.find(currentId);
        Document target = view.find(typeId);
        ObjectNode answer = compatibility(currentId == null ? instanceId : currentId, typeId, current, target);
        if (target == null || !target.isType()) {
            return answer;
        }
        Cast cast = engine.cast(entity.document(), target, view);
        answer.set("casted_entity", cast.entity());
        Ids.texts(answer, "incompatibility_reasons", cast.reasons());
        return answer;
    }

    ObjectNode query(String expression, int limit) {
        ObjectNode answer = SpecSurface.object();
        ArrayNode results = answer.putArray("results");
        try {
            engine.query(GtsQuery.parse(expression), view, limit).forEach(document -> results.add(document.content()));
        } catch (GtsSyntaxException e) {
            answer.put("error", "Invalid query: " + e.getMessage());
        }
        return answer.put("count", results.size()).put("limit", limit);
    }

    ObjectNode attribute(String selector) {
        int at = selector.indexOf('@');
        String id = at < 0 ? selector : selector.substring(0, at);
        String path = at < 0 ? "" : selector.substring(at + 1);
        ObjectNode answer = SpecSurface.object().put("gts_id", id).put("path", path);
        if (at < 0) {
            return unresolved(answer, "no attribute: write <id>@<path>");
        }
        Document document = view.find(id);
        if (document == null) {
            return unresolved(answer, missing(id));
        }
        JsonNode value;
        try {
            value = Attributes.find(document.content(), GtsPath.parse(path));
        } catch (GtsSyntaxException e) {
            return unresolved(answer, "Invalid path: " + e.getMessage());
        }
        answer.set("content", document.content());
        if (value == null) {
            Ids.texts(answer, "available_fields", Attributes.available(document.content()));
            return unresolved(answer, "'" + path + "' leads to nothing in " + id);
        }
        answer.set("value", value);
        return answer.put("resolved", true);
    }

    private static ObjectNode unresolved(ObjectNode answer, String error) {
        return answer.putNull("value").put("resolved", false).put("error", error);
    }

    private static String missing(String key) {
        return key + " is not registered";
    }
}
