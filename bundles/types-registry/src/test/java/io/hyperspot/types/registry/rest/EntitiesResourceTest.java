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
import io.hyperspot.web.Page;
import io.hyperspot.web.query.Cursors;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            entity(INSTANCE, TypesRegistry.Kind.INSTANCE))), new Cursors(new byte[32]));

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
    void answersQueryOptionsAsEveryCollectionDoes() {
        assertThat(ids(query(Map.of("$filter", "is_schema eq true", "$orderby", "gts_id desc"))))
                .containsExactly(DERIVED, TYPE);
        assertThat(ids(query(Map.of("$filter", "endswith(gts_id, '.first.v1') or description eq 'other'"))))
                .containsExactly(INSTANCE);
        assertThat(ids(resource.list(
                        asked(Map.of("$filter", "is_schema eq false")), TYPE + "*", null, "zeta", null, null, null)))
                .as("together with the filters of GTS")
                .containsExactly(INSTANCE);
        Page<EntityDto> first = query(Map.of("$top", "2"));
        assertThat(ids(first)).containsExactly(TYPE, DERIVED);
        String cursor = Objects.requireNonNull(first.pageInfo().nextCursor());
        Page<EntityDto> last = query(Map.of("$top", "2", "$skiptoken", cursor));
        assertThat(ids(last)).containsExactly(INSTANCE);
        assertThat(last.pageInfo().nextCursor()).isNull();
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "$top", () -> query(Map.of("$top", "0")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "$skiptoken", () -> query(Map.of("$skiptoken", "made-up")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "gts_id", () -> query(Map.of("$orderby", "owner")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "$count", () -> query(Map.of("$count", "true")));
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
        return ids(resource.list(asked(Map.of()), pattern, isSchema, vendor, packageName, namespace, scope));
    }

    private Page<EntityDto> query(Map<String, String> options) {
        return resource.list(asked(options), null, null, null, null, null, null);
    }

    private static List<String> ids(Page<EntityDto> page) {
        return page.items().stream().map(EntityDto::gtsId).toList();
    }

    /** A request with these query options. */
    private static UriInfo asked(Map<String, String> options) {
        MultivaluedMap<String, String> query = new MultivaluedHashMap<>(options);
        return (UriInfo) Proxy.newProxyInstance(
                UriInfo.class.getClassLoader(),
                new Class<?>[] {UriInfo.class},
                (proxy, method, args) -> method.getName().equals("getPath") ? "types-registry/v1/entities" : query);
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
