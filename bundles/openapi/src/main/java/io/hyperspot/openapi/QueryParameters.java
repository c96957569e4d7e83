// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.web.QueryOptions;

/** Writes the query options of collections, which no method has as parameters, into the document. */
final class QueryParameters {
    private QueryParameters() {}

    static void add(ObjectNode operation, QueryOptions options) {
        ArrayNode parameters = operation.withArrayProperty("parameters");
        if (!options.filter().isEmpty()) {
            parameter(parameters, "$filter", "string", "For example " + options.filter());
        }
        if (!options.orderBy().isEmpty()) {
            parameter(parameters, "$orderby", "string", "For example " + options.orderBy());
        }
        parameter(parameters, "$select", "string", "Members of the items");
        parameter(parameters, "$top", "integer", "Page size, 1 to 1000; 50 by default");
        parameter(parameters, "$skiptoken", "string", "page_info.next_cursor or prev_cursor of another page");
    }

    private static void parameter(ArrayNode parameters, String name, String type, String description) {
        ObjectNode parameter = parameters.addObject();
        parameter.put("name", name).put("in", "query").put("description", description);
        parameter.putObject("schema").put("type", type);
    }
}
