// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EntitiesResourceTest {
    private static final String TYPE = "gts.acme.shop.orders.order.v1~";
    private static final String DERIVED = TYPE + "zeta.app._.rush.v2.1~";
    private static final String INSTANCE = DERIVED + "acme.shop._.first.v1";

    private final EntitiesResource resource = new EntitiesResource(() -> new Fixed(List.of(
            entity(TYPE, TypesRegistry.Kind.TYPE),
            entity(DERIVED, TypesRegistry.Kind.TYPE),
            entity(INSTANCE, TypesRegistry.Kind.INSTANCE))));

    @Test
    void writesTheDocumentedShape() throws Exception {
        assertThat(JsonMapper.builder().build().writeValueAsString(resource.get(DERIVED)))
                .isEqualTo("{\"id\":\"" + GtsId.parse(DERIVED).uuid() + "\",\"gts_id\":\"" + DERIVED
                        + "\",\"segments\":[{\"vendor\":\"acme\",\"package\":\"shop\",\"namespace\":\"orders\","
                        + "\"type_name\":\"order\",\"ver_major\":1,\"is_type\":true},"
                        + "{\"vendor\":\"zeta\",\"package\":\"app\",\"namespace\":\"_\",\"type_name\":\"rush\","
                        + "\"ver_major\":2,\"ver_minor\":1,\"is_type\":true}],"
                        + "\"is_schema\":true,\"content\":{\"a\":1},\"description\":\"words\"}");
    }

    @Test
    void listsWhatPassesAllFilters() {
        assertThat(list(null, null, null, null, null, null)).containsExactly(TYPE, DERIVED, INSTANCE);
        assertThat(list(TYPE + "*", null, null, null, null, null)).containsExactly(DERIVED, INSTANCE);
        assertThat(list(null, "true", null, null, null, null)).containsExactly(TYPE, DERIVED);
        assertThat(list(null, "false", null, null, null, null)).containsExactly(INSTANCE);
        assertThat(list(null, null, "zeta", null, null, null)).containsExactly(DERIVED, INSTANCE);
        assertThat(list(null, null, "zeta", null, null, "primary")).isEmpty();
        assertThat(list(null, null, "acme", "shop", "_", "any")).containsExactly(INSTANCE);
        assertThat(list(null, null, "zeta", "shop", null, null)).isEmpty();
    }

    @Test
    void refusesMalformedFiltersAndIds() {
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "position 0", () -> list("nonsense", null, null, null, null, null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "is_schema", () -> list(null, "maybe", null, null, null, null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "segment_scope", () -> list(null, null, null, null, null, "x"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "position", () -> resource.get("gts.acme.*"));
        assertProblem(ErrorCategory.NOT_FOUND, "GET /types-registry", () -> resource.get("gts.acme.shop.a.b.v1~"));
    }

    private static void assertProblem(
            ErrorCategory category, String detail, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.detail()).contains(detail);
    }

    private List<String> list(
            @Nullable String pattern,
            @Nullable String isSchema,
            @Nullable String vendor,
            @Nullable String packageName,
            @Nullable String namespace,
            @Nullable String scope) {
        return resource.list(pattern, isSchema, vendor, packageName, namespace, scope).items().stream()
                .map(EntityDto::gtsId)
                .toList();
    }

    private static TypesRegistry.Entity entity(String id, TypesRegistry.Kind kind) {
        return new TypesRegistry.Entity(GtsId.parse(id), kind, "{\"a\":1}", "acme 1.0.0", false, "words");
    }

    private record Fixed(List<TypesRegistry.Entity> entities) implements TypesRegistry.Snapshot {
        @Override
        public long generation() {
            return 1;
        }

        @Override
        public Optional<TypesRegistry.Entity> find(GtsId id) {
            return entities.stream().filter(entity -> entity.id().equals(id)).findFirst();
        }

        @Override
        public List<TypesRegistry.Entity> list(GtsPattern pattern) {
            return entities.stream().filter(entity -> pattern.matches(entity.id())).toList();
        }

        @Override
        public List<TypesRegistry.Problem> problems() {
            return List.of();
        }
    }
}
