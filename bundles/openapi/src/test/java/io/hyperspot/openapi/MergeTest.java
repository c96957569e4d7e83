// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MergeTest {
    private final ObjectMapper json = new ObjectMapper();
    private final Merge merge = new Merge(Skeleton.of("1"));

    /** With single quotes, to be read. */
    private ObjectNode part(String text) throws JsonProcessingException {
        return (ObjectNode) json.readTree(text.replace('\'', '"'));
    }

    private void add(String owner, String text) throws JsonProcessingException {
        ObjectNode part = part(text);
        ObjectNode before = part.deepCopy();
        Merge.check(part);
        merge.add(part, owner);
        assertThat(part).as("a part is used again").isEqualTo(before);
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void keepsSchemasApartThatOnlyHaveTheirNameInCommon() throws Exception {
        add("one", """
                {'paths': {'/a': {'get': {'responses': {'200': {'schema': {'$ref': '#/components/schemas/Item'}}}}}},
                 'components': {'schemas': {'Item': {'type': 'string'}}}}""");
        add("two", """
                {'paths': {'/b': {'get': {'responses': {'200': {'schema': {'$ref': '#/components/schemas/Item'}}}}},
                           '/c': {'get': {'schema': {'$ref': '#/components/schemas/Item/properties/Item'},
                                          'other': {'$ref': '#/components/schemas/Items'},
                                          'words': 'see #/components/schemas/Item'}}},
                 'components': {'schemas': {
                   'Item': {'type': 'object', 'properties': {'Item': {'type': 'integer'}}},
                   'Items': {'type': 'array', 'items': {'$ref': '#/components/schemas/Item'}}}}}""");
        ObjectNode document = merge.finish();
        JsonNode schemas = document.at("/components/schemas");
        assertThat(names(schemas)).containsExactlyInAnyOrder("Problem", "Item", "Item.two", "Items");
        assertThat(schemas.at("/Item/type").asText()).isEqualTo("string");
        assertThat(schemas.at("/Item.two/properties/Item/type").asText()).as("a property is no schema's name").isEqualTo("integer");
        assertThat(schemas.at("/Items/items/$ref").asText()).isEqualTo("#/components/schemas/Item.two");
        assertThat(document.at("/paths/~1a/get/responses/200/schema/$ref").asText())
                .isEqualTo("#/components/schemas/Item");
        assertThat(document.at("/paths/~1b/get/responses/200/schema/$ref").asText())
                .isEqualTo("#/components/schemas/Item.two");
        JsonNode c = document.at("/paths/~1c/get");
        assertThat(c.at("/schema/$ref").asText()).isEqualTo("#/components/schemas/Item.two/properties/Item");
        assertThat(c.at("/other/$ref").asText()).isEqualTo("#/components/schemas/Items");
        assertThat(c.path("words").asText()).isEqualTo("see #/components/schemas/Item");
    }

    @Test
    void sharesSchemasThatMeanTheSame() throws Exception {
        add("one", "{'components': {'schemas': {'Item': {'type': 'string'}}}}");
        add("two", "{'components': {'schemas': {'Item': {'type': 'string'}}}}");
        assertThat(names(merge.finish().at("/components/schemas"))).containsExactlyInAnyOrder("Problem", "Item");
    }

    @Test
    void keepsSchemasApartThatReferToDifferentOnes() throws Exception {
        String part = """
                {'components': {'schemas': {'Item': {'type': '%s'}, 'Items': {'items': {'$ref': '#/components/schemas/Item'}},
                  'Page': {'of': {'$ref': '#/components/schemas/Items'}}, 'Same': {'of': {'$ref': '#/components/schemas/Same'}}}}}""";
        add("one", part.formatted("string"));
        add("two", part.formatted("integer"));
        JsonNode schemas = merge.finish().at("/components/schemas");
        assertThat(names(schemas))
                .containsExactlyInAnyOrder("Problem", "Item", "Items", "Page", "Same", "Item.two", "Items.two", "Page.two");
        assertThat(schemas.at("/Items/items/$ref").asText()).isEqualTo("#/components/schemas/Item");
        assertThat(schemas.at("/Items.two/items/$ref").asText()).isEqualTo("#/components/schemas/Item.two");
        assertThat(schemas.at("/Page.two/of/$ref").asText()).isEqualTo("#/components/schemas/Items.two");
    }

    @Test
    void findsAFreeNameHoweverManyWantTheSame() throws Exception {
        add("one", "{'components': {'schemas': {'Item': {'type': 'string'}}}}");
        add("two", "{'components': {'schemas': {'Item': {'type': 'integer'}, 'Item.two': {'type': 'null'}}}}");
        add("two", "{'components': {'schemas': {'Item': {'type': 'boolean'}}}}");
        assertThat(names(merge.finish().at("/components/schemas")))
                .containsExactlyInAnyOrder("Problem", "Item", "Item.two", "Item.two.2", "Item.two.3");
    }

    @Test
    void leavesTheServersOwnDefinitionsAsTheyAre() throws Exception {
        add("evil", """
                {'components': {'securitySchemes': {'api_key': {'type': 'http', 'scheme': 'basic'}},
                                'schemas': {'Problem': {'type': 'string'}}},
                 'security': [],
                 'paths': {'/x': {'get': {'security': [{'api_key': []}, {}], 'responses': {'4XX': {'schema':
                   {'$ref': '#/components/schemas/Problem'}}}}}}}""");
        ObjectNode document = merge.finish();
        assertThat(document.at("/components/securitySchemes/api_key/scheme").asText()).isEqualTo("bearer");
        assertThat(document.at("/components/securitySchemes/api_key.evil/scheme").asText()).isEqualTo("basic");
        assertThat(document.at("/components/schemas/Problem/type").asText()).isEqualTo("object");
        assertThat(document.at("/security/0").has("api_key")).isTrue();
        assertThat(document.at("/paths/~1x/get/security").toString()).isEqualTo("[{\"api_key.evil\":[]},{}]");
        assertThat(document.at("/paths/~1x/get/responses/4XX/schema/$ref").asText()).endsWith("/Problem.evil");
    }

    @Test
    void makesOperationIdsUnique() throws Exception {
        add("one", "{'paths': {'/a': {'get': {'operationId': 'list'}, 'put': {'operationId': 'put'}}}}");
        add("acme.two", "{'paths': {'/b': {'get': {'operationId': 'list'}}, '/c': {'get': {'operationId': 'list'}}}}");
        add("one", "{'paths': {'/a': {'get': {'operationId': 'list', 'summary': 'newer'}}}}");
        ObjectNode document = merge.finish();
        assertThat(document.at("/paths/~1a/get/operationId").asText()).isEqualTo("list");
        assertThat(document.at("/paths/~1a/get/summary").asText()).isEqualTo("newer");
        assertThat(document.at("/paths/~1a/put/operationId").asText()).as("stays beside the newer get").isEqualTo("put");
        assertThat(document.at("/paths/~1b/get/operationId").asText()).isEqualTo("list_acme_two");
        assertThat(document.at("/paths/~1c/get/operationId").asText()).isEqualTo("list_acme_two_2");
    }

    @Test
    void listsTheTagsThatAreUsedOnceAndInOrder() throws Exception {
        add("one", "{'tags': [{'name': 'z', 'description': 'first'}, {'name': 'unused'}], 'paths': {'/a': {'get': {'tags': ['z']}}}}");
        add("two", "{'tags': [{'name': 'z', 'description': 'second'}], 'paths': {'/b': {'get': {'tags': ['a', 'z']}}}}");
        assertThat(merge.finish().path("tags").toString())
                .isEqualTo("[{\"name\":\"a\",\"description\":\"a\"},{\"name\":\"z\",\"description\":\"first\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[]", "'text'", "{'paths': []}", "{'paths': {'/a': 1}}", "{'paths': {'/a': {'get': []}}}", "{'components': 1}",
        "{'components': {'schemas': []}}"
    })
    void refusesWhatIsNoPartOfADocument(String text) throws Exception {
        JsonNode part = json.readTree(text.replace('\'', '"'));
        assertThatThrownBy(() -> Merge.check(part))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("is not a JSON object");
    }
}
