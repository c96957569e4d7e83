// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes of documents by their path (GTS operation 11). */
public final class Attributes {
    private static final int MAX_AVAILABLE = 500;
    private static final int MAX_DEPTH = 16;

    private Attributes() {}

    /** The value at a path, or null when there is none. */
    public static @Nullable JsonNode find(JsonNode content, GtsPath path) {
        JsonNode node = content;
        for (GtsPath.Step step : path.steps()) {
            node = switch (step) {
                case GtsPath.Name name -> node.path(name.value());
                case GtsPath.Index index -> node.path(index.value());
            };
        }
        return node.isMissingNode() ? null : node;
    }

    /** The paths that lead to something, for whoever mistyped one. */
    public static List<String> available(JsonNode content) {
        List<String> paths = new ArrayList<>();
        collect("", content, paths, 0);
        return paths;
    }

    private static void collect(String path, JsonNode node, List<String> paths, int depth) {
        if (paths.size() >= MAX_AVAILABLE || depth > MAX_DEPTH) {
            return;
        }
        if (!path.isEmpty()) {
            paths.add(path);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            collect(path.isEmpty() ? entry.getKey() : path + '.' + entry.getKey(), entry.getValue(), paths, depth + 1);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(path + '[' + i + ']', node.path(i), paths, depth + 1);
        }
    }
}
