// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** The document of a running framework, as its handlers give it out. */
final class OpenApiModuleTest {
    private static final String DOCUMENT = "META-INF/openapi.json";

    @TempDir
    Path cache;

    private final ObjectMapper json = new ObjectMapper();
    private TestFramework framework;
    private Bundle self;
    private OpenApiModule module;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(cache);
        self = framework.start("openapi", Map.of());
        module = new OpenApiModule(self.getBundleContext());
    }

    @AfterEach
    void stop() throws Exception {
        module.deactivate();
        assertThat(framework.context().getServiceReferences(ProtocolHandler.class, null))
                .noneMatch(reference -> reference.getBundle().equals(self));
        framework.close();
    }

    private ProtocolHandler handler(String path) throws Exception {
        for (ServiceReference<ProtocolHandler> reference :
                framework.context().getServiceReferences(ProtocolHandler.class, null)) {
            ProtocolHandler handler = framework.context().getService(reference);
            if (handler.path().equals(path)) {
                return handler;
            }
        }
        throw new AssertionError("nothing is mounted at " + path);
    }

    private JsonNode document() throws Exception {
        FakeExchange answer = FakeExchange.get(handler("/openapi.json"));
        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.contentType).isEqualTo("application/json");
        return json.readTree(answer.body);
    }

    /** A bundle with a handler of its own protocol and the document of it. */
    private Bundle protocol(String name, String openApi) throws Exception {
        Bundle bundle = framework.start(name, Map.of(DOCUMENT, openApi.replace('\'', '"')));
        bundle.getBundleContext().registerService(ProtocolHandler.class.getName(), new Silent(), null);
        return bundle;
    }

    /** Whatever it serves. */
    private static final class Silent implements ProtocolHandler {
        @Override
        public String path() {
            return "/silent";
        }

        @Override
        public List<Operation> operations() {
            return List.of();
        }

        @Override
        public void handle(Exchange exchange, Operation operation) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void followsBundlesThatComeAndGo() throws Exception {
        assertThat(document().path("paths")).isEmpty();
        Bundle one = protocol("one", "{'paths': {'/one': {'get': {'operationId': 'one', 'tags': ['x']}}}}");
        Bundle two = protocol("two", "{'paths': {'/two': {'get': {'operationId': 'two', 'tags': ['y']}}}}");
        assertThat(document().path("paths").properties()).extracting(Map.Entry::getKey).containsExactly("/one", "/two");
        one.uninstall();
        assertThat(document().path("paths").properties()).extracting(Map.Entry::getKey).containsExactly("/two");
        assertThat(document().path("tags").findValuesAsText("name")).containsExactly("y");
        two.stop();
        assertThat(document().path("paths")).isEmpty();
    }

    @Test
    void readsResourcesWithTheirPosture() throws Exception {
        Bundle acme = framework.start("acme", Map.of(), ItemsResource.class, ItemsResource.Item.class);
        Dictionary<String, Object> resource = FrameworkUtil.asDictionary(Map.of("osgi.jakartars.resource", true));
        Class<?> type = acme.loadClass(ItemsResource.class.getName());
        ServiceRegistration<?> registration = acme.getBundleContext()
                .registerService(type.getName(), type.getConstructor().newInstance(), resource);
        JsonNode document = document();
        JsonNode get = document.at("/paths/~1acme~1v1~1items~1{id}/get");
        assertThat(get.path("operationId").asText()).as(document.toString()).isEqualTo("getItem");
        assertThat(get.path("x-permission").asText()).isEqualTo("gts.acme.shop.*:read");
        assertThat(get.path("security").toString()).isEqualTo("[{\"api_key\":[]}]");
        assertThat(get.path("responses").properties()).extracting(Map.Entry::getKey).contains("401", "403", "4XX", "5XX");
        assertThat(document.at("/paths/~1acme~1v1~1items~1{id}~1{part}/put/x-permission").asText())
                .isEqualTo("gts.acme.shop.*:write");
        JsonNode count = document.at("/paths/~1acme~1v1~1items/get");
        assertThat(count.path("security").isArray()).isTrue();
        assertThat(count.path("security")).as("public").isEmpty();
        assertThat(count.has("x-permission")).isFalse();
        JsonNode options = document.at("/paths/~1acme~1v1~1items~1all/get/parameters");
        assertThat(options.findValuesAsText("name")).containsExactly("sort", "$filter", "$select", "$top", "$skiptoken");
        assertThat(options.findValuesAsText("description")).contains("For example item_name eq 'tea'");
        assertThat(document.at("/components/schemas/Item/properties").has("item_name")).isTrue();
        assertThat(document.path("tags").findValuesAsText("description")).containsExactly("What Acme sells.");
        registration.unregister();
        assertThat(document().path("paths")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "{'paths': []}", "{'components': {'schemas': 1}}", ""})
    void leavesOutWhatCannotBeReadAndShowsTheOthers(String broken) throws Exception {
        protocol("broken", broken);
        protocol("sound", "{'paths': {'/sound': {'get': {}}}}");
        assertThat(document().path("paths").properties()).extracting(Map.Entry::getKey).containsExactly("/sound");
    }

    @Test
    void saysTheSameInYaml() throws Exception {
        protocol("one", """
                {'paths': {'/one': {'get': {'operationId': 'no', 'summary': 'yes: # \\n two lines ', 'x-number': '1.0',
                  'x-date': '2026-01-05', 'x-null': 'null', 'x-octal': '0o7', 'x-real-null': null, 'x-real': 1.50,
                  'x-words': ['on', '~', '- a', '@b', '\\u00fc\\u2028', '=', '<<'], 'responses': {'200': {}, '4XX': {}}}}}}""");
        FakeExchange yaml = FakeExchange.get(handler("/openapi.yaml"));
        assertThat(yaml.contentType).isEqualTo("application/yaml");
        assertThat(yaml.text()).startsWith("openapi: \"3.1.0\"");
        assertThat(new YAMLMapper().readTree(yaml.body)).isEqualTo(document());
    }

    @Test
    void needNotBeReadAgainWhileNothingChanges() throws Exception {
        protocol("one", "{'paths': {'/one': {'get': {}}}}");
        ProtocolHandler handler = handler("/openapi.json");
        FakeExchange first = FakeExchange.get(handler);
        String tag = first.header("ETag");
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        for (String known : List.of(
                tag, "W/" + tag, "\"x\", " + tag, "*", tag.substring(0, 33) + "--gzip\"", "\"a,b\",W/" + tag + ", \"c\"")) {
            FakeExchange again = FakeExchange.get(handler, "", Map.of("If-None-Match", known));
            assertThat(again.status).as(known).isEqualTo(304);
            assertThat(again.body).isEmpty();
            assertThat(again.header("ETag")).isEqualTo(tag);
        }
        for (String other : List.of("\"x\"", tag.replace("\"", ""), "", "W/\"\"")) {
            assertThat(FakeExchange.get(handler, "", Map.of("If-None-Match", other)).status)
                    .as(other)
                    .isEqualTo(200);
        }
        Bundle two = protocol("two", "{'paths': {'/two': {'get': {}}}}");
        FakeExchange changed = FakeExchange.get(handler, "", Map.of("If-None-Match", tag));
        assertThat(changed.status).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        two.stop();
        assertThat(FakeExchange.get(handler, "", Map.of("If-None-Match", tag)).status)
                .as("as before")
                .isEqualTo(304);
    }

    @Test
    void everythingIsPublicAndReadOnly() throws Exception {
        for (String path : List.of("/openapi.json", "/openapi.yaml", "/docs")) {
            assertThat(handler(path).operations()).isNotEmpty().allSatisfy(operation -> {
                assertThat(operation.method()).isEqualTo("GET");
                assertThat(operation.permission()).isNull();
            });
        }
    }
}
