// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what our own annotations declare, above all who may call an operation, into its part of the document. */
final class Declarations {
    private Declarations() {}

    /** Adds {@code security}, {@code x-permission}, query options and the answers of the chain to a resource's operations. */
    static void apply(Class<?> resource, ObjectNode paths) {
        for (Method method : resource.getMethods()) {
            String verb = verb(method);
            if (verb != null && paths.path(path(resource, method)).path(verb) instanceof ObjectNode operation) {
                state(operation, permission(resource, method));
                QueryOptions options = method.getAnnotation(QueryOptions.class);
                if (options != null) {
                    QueryParameters.add(operation, options);
                }
            }
        }
    }

    /** Writes the paths as OpenAPI has them: parameters by their bare names. */
    static void normalize(ObjectNode paths) {
        for (String path : paths.propertyStream().map(Map.Entry::getKey).toList()) {
            JsonNode item = paths.remove(path);
            paths.withObjectProperty(plain(path)).setAll((ObjectNode) item);
        }
    }

    /** As {@link #apply}, for one operation. A null permission: anyone. */
    static void state(ObjectNode operation, @Nullable String permission) {
        operation.putArray("security");
        ObjectNode responses = operation.withObjectProperty("responses");
        if (permission != null) {
            operation.withArrayProperty("security").addObject().putArray("api_key");
            operation.put("x-permission", permission);
            problem(responses, "401", "The credential is absent, unknown, expired or revoked.");
            problem(responses, "403", "The credential lacks the permission.");
        }
        problem(responses, "4XX", "The request is wrong; the problem document says what to do.");
        problem(responses, "5XX", "The server or an upstream failed.");
    }

    private static void problem(ObjectNode responses, String status, String description) {
        if (responses.path(status) instanceof ObjectNode known) {
            // declared by the operation: keep its words
            description = known.path("description").asText(description);
        }
        responses.putObject(status)
                .put("description", description)
                .putObject("content")
                .putObject("application/problem+json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
    }

    private static @Nullable String permission(Class<?> resource, Method method) {
        if (method.isAnnotationPresent(PublicOperation.class)) {
            return null;
        }
        RequiresPermission own = method.getAnnotation(RequiresPermission.class);
        RequiresPermission outer = resource.getAnnotation(RequiresPermission.class);
        return own != null ? own.value() : outer != null ? outer.value() : null;
    }

    private static @Nullable String verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
                return http.value().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    private static String path(Class<?> resource, Method method) {
        Path outer = resource.getAnnotation(Path.class);
        Path own = method.getAnnotation(Path.class);
        String path = "/" + (outer == null ? "" : outer.value()) + (own == null ? "" : "/" + own.value());
        return plain(path.replaceAll("/+", "/"));
    }

    /** Without the patterns of its parameters, which may hold braces themselves. */
    private static String plain(String path) {
        StringBuilder plain = new StringBuilder();
        int depth = 0;
        boolean pattern = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '{' && depth++ == 0) {
                pattern = false;
                plain.append(c);
            } else if (c == '}' && --depth == 0) {
                plain.append(c);
            } else if (depth == 1 && c == ':') {
                pattern = true;
            } else if (depth == 0 || (!pattern && !Character.isWhitespace(c))) {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
