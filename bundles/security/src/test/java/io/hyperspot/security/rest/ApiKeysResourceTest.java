// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.ApiKeys;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.Installation;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import io.hyperspot.web.Page;
import io.hyperspot.web.query.Cursors;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApiKeysResourceTest {
    private static final SecurityContext A = new SecurityContext(
            "user:a", TenantId.of("0192f000-0000-7000-8000-00000000000a"), List.of(Permission.parse("gts.hyperspot.*:*")));
    private static final SecurityContext B = new SecurityContext(
            "user:b", TenantId.of("0192f000-0000-7000-8000-00000000000b"), List.of(Permission.ALL));

    // as the web module writes and reads
    private final ObjectMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @TempDir
    private Path home;

    private Installation installation;
    private ApiKeysResource resource;

    @BeforeEach
    void start() throws Exception {
        installation = new Installation(home, Clock.systemUTC());
        await().until(() -> installation.module.health().state() == State.UP);
        resource = new ApiKeysResource(installation.module, new Cursors(new byte[32]));
    }

    @AfterEach
    void stop() throws Exception {
        installation.close();
    }

    /** A request with these query parameters, by name and value. */
    private static UriInfo asked(@Nullable String... parameters) {
        MultivaluedMap<String, String> query = new MultivaluedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            query.add(parameters[i], parameters[i + 1]);
        }
        return (UriInfo) Proxy.newProxyInstance(
                UriInfo.class.getClassLoader(), new Class<?>[] {UriInfo.class}, (proxy, method, args) -> switch (method.getName()) {
                    case "getQueryParameters" -> query;
                    case "getPath" -> "security/v1/api-keys";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private JsonNode create(SecurityContext ctx, String body) throws Exception {
        var response = resource.create(ctx, null, json.readValue(body, ApiKeyRequest.class));
        assertThat(response.getStatus()).isEqualTo(201);
        assertThat(response.getHeaderString("Cache-Control")).isEqualTo("no-store");
        JsonNode key = json.valueToTree(response.getEntity());
        assertThat(response.getLocation()).hasPath("/security/v1/api-keys/" + key.path("id").asText());
        return key;
    }

    private static void assertProblem(ErrorCategory category, String words, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.detail()).contains(words);
    }

    @Test
    void showsTheSecretOnceOnly() throws Exception {
        JsonNode created = create(
                A,
                "{\"name\": \"ci\", \"scopes\": [\"gts.hyperspot.llm.*:invoke\"], \"expires_at\": \"2036-01-01T00:00:00Z\"}");
        assertThat(created.path("secret").asText()).startsWith(created.path("prefix").asText());
        assertThat(created.path("expires_at").asText()).isEqualTo("2036-01-01T00:00:00Z");
        JsonNode shown = json.valueToTree(resource.get(A, created.path("id").asText()));
        assertThat(shown.has("secret")).isFalse();
        assertThat(shown.path("name").asText()).isEqualTo("ci");
        assertThat(shown.path("scopes").get(0).asText()).isEqualTo("gts.hyperspot.llm.*:invoke");
        JsonNode page = json.valueToTree(resource.list(A, asked()));
        assertThat(page.path("items")).hasSize(1);
        assertThat(page.toString()).doesNotContain(created.path("secret").asText());
    }

    @Test
    void givesPagesUntilTheLast() throws Exception {
        for (int i = 0; i < 3; i++) {
            create(A, "{\"name\": \"key " + i + "\", \"scopes\": [\"gts.hyperspot.llm.*:invoke\"]}");
        }
        Page<ApiKeyDto> first = resource.list(A, asked("$top", "2"));
        assertThat(first.items()).extracting(ApiKeyDto::name).containsExactly("key 2", "key 1");
        Page<ApiKeyDto> last = resource.list(A, asked("$top", "2", "$skiptoken", first.pageInfo().nextCursor()));
        assertThat(last.items()).extracting(ApiKeyDto::name).containsExactly("key 0");
        assertThat(last.pageInfo().nextCursor()).isNull();
        Page<ApiKeyDto> back = resource.list(A, asked("$top", "2", "$skiptoken", last.pageInfo().prevCursor()));
        assertThat(back.items()).extracting(ApiKeyDto::name).containsExactly("key 2", "key 1");
        assertThat(back.pageInfo().prevCursor()).isNull();
        assertThat(back.pageInfo().nextCursor()).isNotNull();
    }

    @Test
    void revokesForTheOwningTenantOnly() throws Exception {
        String id = create(A, "{\"name\": \"a\", \"scopes\": [\"gts.hyperspot.llm.*:invoke\"]}").path("id").asText();
        assertProblem(ErrorCategory.NOT_FOUND, "no such API key", () -> resource.revoke(B, id));
        assertProblem(ErrorCategory.NOT_FOUND, "no such API key", () -> resource.get(B, id));
        assertThat(resource.list(B, asked()).items()).isEmpty();
        resource.revoke(A, id);
        assertThat(resource.get(A, id).revokedAt()).isNotNull();
    }

    @Test
    void refusesMalformedRequestsInWords() {
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "send {", () -> resource.create(A, null, null));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT, "send {", () -> resource.create(A, null, new ApiKeyRequest("x", null, null, null)));
        assertProblem(
                ErrorCategory.PERMISSION_DENIED,
                "more than the caller",
                () -> resource.create(A, null, new ApiKeyRequest("x", List.of("gts.*:*"), null, null)));
        for (String top : List.of("0", "1001", "-1", "x", "")) {
            assertProblem(ErrorCategory.INVALID_ARGUMENT, "$top", () -> resource.list(A, asked("$top", top)));
        }
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "$skiptoken", () -> resource.list(A, asked("$skiptoken", "' or 1=1 --")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "$skip", () -> resource.list(A, asked("$skip", "1")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "", () -> resource.list(A, asked("$filter", "name eq 'x'")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "the id", () -> resource.get(A, "nonsense"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "the id", () -> resource.revoke(A, "nonsense"));
    }

    /** A resolver for which B is below A, and that knows nobody else. */
    private static Tenants below(Status status) {
        TenantTree tree = TenantTree.of(List.of(
                new Tenant(TenantId.ROOT, null, "root", "", Status.ACTIVE, false, Instant.EPOCH, 1),
                new Tenant(A.tenant(), TenantId.ROOT, "a", "", Status.ACTIVE, false, Instant.EPOCH, 1),
                new Tenant(B.tenant(), A.tenant(), "b", "", status, false, Instant.EPOCH, 1)));
        return (Tenants) Proxy.newProxyInstance(
                Tenants.class.getClassLoader(), new Class<?>[] {Tenants.class}, (proxy, method, args) -> switch (method.getName()) {
                    case "tree" -> tree;
                    case "get" -> {
                        Tenant found = tree.find((TenantId) args[1]);
                        if (found == null || !tree.sees(((SecurityContext) args[0]).tenant(), found.id(), (BarrierMode) args[2])) {
                            throw new ProblemException(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", "no such tenant");
                        }
                        yield found;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private ApiKeyRequest keyOf(String tenant) {
        return new ApiKeyRequest("first", List.of("gts.hyperspot.llm.*:invoke"), null, tenant);
    }

    @Test
    void makesKeysOfTenantsBelowAndOfNoOthers() throws Exception {
        String b = B.tenant().toString();
        assertProblem(ErrorCategory.UNAVAILABLE, "not known yet", () -> resource.create(A, null, keyOf(b)));
        installation.tenants(below(Status.ACTIVE));

        String secret = create(A, "{\"name\":\"first\",\"scopes\":[\"gts.hyperspot.llm.*:invoke\"],\"tenant_id\":\"" + b + "\"}")
                .path("secret")
                .asText();
        assertThat(installation.module.recognize(secret))
                .isInstanceOfSatisfying(Authenticator.Authenticated.class, caller -> assertThat(caller.context().tenant()).isEqualTo(B.tenant()));
        assertThat(installation.module.list(B, null, 10)).extracting(ApiKeys.ApiKey::name).containsExactly("first");
        assertThat(installation.module.list(A, null, 10)).isEmpty();

        for (String other : List.of(A.tenant().toString(), "0192f000-0000-7000-8000-00000000000c", "nonsense", "1-1-1-1-1")) {
            assertProblem(ErrorCategory.NOT_FOUND, "tenant", () -> resource.create(B, null, keyOf(other)));
        }
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "barrier_mode", () -> resource.create(A, "maybe", keyOf(b)));
        // never more than the maker has
        assertProblem(
                ErrorCategory.PERMISSION_DENIED,
                "more than the caller",
                () -> resource.create(A, null, new ApiKeyRequest("x", List.of("gts.*:*"), null, b)));
        installation.tenants(below(Status.SUSPENDED));
        assertProblem(ErrorCategory.FAILED_PRECONDITION, "suspended", () -> resource.create(A, null, keyOf(b)));
    }
}
