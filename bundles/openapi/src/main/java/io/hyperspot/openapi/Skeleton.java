// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the document holds before any bundle's part. */
final class Skeleton {
    private Skeleton() {}

    static ObjectNode of(String version) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", "HyperSpot");
        info.put("version", version);
        info.put("description", "Everything that this server offers now; it changes as plugins come and go.");
        info.putObject("license").put("name", "Apache-2.0").put("identifier", "Apache-2.0");
        info.putObject("contact").put("name", "The operator of this server");
        document.putArray("servers").addObject().put("url", "/").put("description", "This server");
        document.putObject("paths");
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("api_key")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "An API key: Authorization: Bearer hs_...");
        components.putObject("schemas").set("Problem", problem());
        document.putArray("security").addObject().putArray("api_key");
        document.putArray("tags");
        return document;
    }

    private static ObjectNode problem() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("description", "A problem document (RFC 9457).");
        ArrayNode required = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        for (String[] member : new String[][] {
            {"type", "string", "Stable URI of the kind of problem"},
            {"title", "string", "The kind in words"},
            {"status", "integer", "The HTTP status"},
            {"detail", "string", "What is wrong and what to do about it"},
            {"instance", "string", "The path of the request"},
            {"code", "string", "Stable, for programs"},
            {"request_id", "string", "The request's id in the server's logs"},
        }) {
            properties.putObject(member[0]).put("type", member[1]).put("description", member[2]);
            required.add(member[0]);
        }
        return schema;
    }
}
