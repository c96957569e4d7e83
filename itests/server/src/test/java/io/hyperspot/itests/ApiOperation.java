// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the OpenAPI document.
 *
 * @param method in upper case
 * @param path with its parameters in braces
 * @param document what the document says of it
 */
record ApiOperation(String method, String path, JsonNode document) {
    private static final List<String> VERBS = List.of("get", "post", "put", "patch", "delete");

    /** All operations, in the order of the document. */
    static List<ApiOperation> all(JsonNode openApi) {
        List<ApiOperation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : openApi.path("paths").properties()) {
            for (String verb : VERBS) {
                JsonNode operation = path.getValue().path(verb);
                if (!operation.isMissingNode()) {
                    operations.add(new ApiOperation(verb.toUpperCase(Locale.ROOT), path.getKey(), operation));
                }
            }
        }
        assertThat(operations).hasSizeGreaterThan(100);
        return operations;
    }

    /** The path with a value, already encoded, in the place of each parameter. */
    String path(String value) {
        return path.replaceAll("\\{[^}]*}", value);
    }

    boolean hasPathParameter() {
        return path.contains("{");
    }

    /** Whether it needs no credential. */
    boolean isOpen() {
        return document.path("security").isEmpty();
    }

    boolean isRead() {
        return method.equals("GET");
    }

    /** Whether a request of it has a body. */
    boolean hasBody() {
        return !method.equals("GET") && !method.equals("DELETE");
    }

    /** Calls it with nothing that it could be done with, as whoever is only to be kept out does. */
    TestServer.Answer knock(TestServer server, @Nullable String key) throws Exception {
        Iterator<String> types = document.at("/requestBody/content").fieldNames();
        String type = types.hasNext() ? types.next() : "application/json";
        return server.send(method, path("x"), key, hasBody() ? "{}" : null, "Content-Type", type);
    }

    boolean takesJson() {
        return document.at("/requestBody/content").has("application/json");
    }
}
