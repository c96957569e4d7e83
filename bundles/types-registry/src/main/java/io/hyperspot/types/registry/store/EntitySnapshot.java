// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A view as other bundles get it. */
final class EntitySnapshot implements TypesRegistry.Snapshot {
    private final Generation generation;
    private final TenantView view;
    private final GtsEngine engine;

    EntitySnapshot(Generation generation, TenantView view, GtsEngine engine) {
        this.generation = generation;
        this.view = view;
        this.engine = engine;
    }

    @Override
    public long generation() {
        return generation.number();
    }

    @Override
    public Optional<TypesRegistry.Entity> find(GtsId id) {
        return Optional.ofNullable(view.registered(id.toString())).map(EntitySnapshot::entity);
    }

    @Override
    public List<TypesRegistry.Entity> list(GtsPattern pattern) {
        return view.all().stream()
                .filter(entity -> entity.status() != Status.DELETED)
                .filter(entity -> matches(pattern, entity.document().id()))
                .map(EntitySnapshot::entity)
                .toList();
    }

    private static boolean matches(GtsPattern pattern, @Nullable GtsId id) {
        return id != null && pattern.matches(id);
    }

    @Override
    public List<TypesRegistry.Problem> problems() {
        return generation.problems();
    }

    @Override
    public List<TypesRegistry.Violation> validate(GtsId type, String json) {
        JsonNode value;
        try {
            value = Json.read(json);
        } catch (JacksonException e) {
            return List.of(new TypesRegistry.Violation("", Json.reason(e)));
        }
        Document document = type(type);
        if (document == null) {
            return List.of(new TypesRegistry.Violation("", "the type " + type + " is not registered"));
        }
        return engine.validateValue(value, document, view).stream()
                .map(violation -> new TypesRegistry.Violation(violation.pointer(), violation.message()))
                .toList();
    }

    @Override
    public Optional<String> trait(GtsId type, String name) {
        Document document = type(type);
        if (document == null) {
            return Optional.empty();
        }
        JsonNode value = engine.traits(document, view).path(name);
        return value.isValueNode() ? Optional.of(value.asText()) : Optional.empty();
    }

    @Override
    public TypesRegistry.Compatibility compatibility(GtsId older, GtsId newer) {
        Document old = type(older);
        Document next = type(newer);
        if (old == null || next == null) {
            return TypesRegistry.Compatibility.NONE;
        }
        var verdict = engine.compatibility(old, next, view);
        return new TypesRegistry.Compatibility(verdict.isBackward(), verdict.isForward());
    }

    private @Nullable Document type(GtsId id) {
        Document document = view.find(id.toString());
        return document != null && document.isType() ? document : null;
    }

    private static TypesRegistry.Entity entity(Registered registered) {
        Document document = registered.document();
        JsonNode description = document.content().path("description");
        return new TypesRegistry.Entity(
                GtsId.parse(document.key()),
                document.isType() ? TypesRegistry.Kind.TYPE : TypesRegistry.Kind.INSTANCE,
                document.content().toString(),
                registered.owner().toString(),
                document.isAbstract(),
                description.isTextual() ? description.textValue() : "");
    }
}
