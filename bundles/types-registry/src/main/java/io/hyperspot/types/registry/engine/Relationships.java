// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an entity refers to, and what that refers to (GTS operation 7).
 *
 * @param refs by the path at which the reference stands
 * @param type of an instance its type, of a type the one it derives from
 * @param errors references that lead nowhere
 */
public record Relationships(
        String id, Map<String, Relationships> refs, @Nullable Relationships type, List<String> errors) {
    private static final int MAX_NODES = 1000;

    /** The tree below an entity; what was shown once is not opened again. */
    static Relationships of(String key, View view) {
        return build(key, view, new HashSet<>());
    }

    private static Relationships build(String key, View view, Set<String> seen) {
        Document document = view.find(key);
        if (document == null) {
            return new Relationships(key, Map.of(), null, List.of(key + " is not registered"));
        }
        if (seen.size() >= MAX_NODES || !seen.add(key)) {
            return new Relationships(key, Map.of(), null, List.of());
        }
        Map<String, String> targets = new LinkedHashMap<>();
        references("", document.content(), document, targets);
        Map<String, Relationships> refs = new LinkedHashMap<>();
        targets.forEach((path, target) -> refs.put(path, build(target, view, seen)));
        String typeId = document.typeId();
        List<String> errors = new ArrayList<>();
        if (typeId != null && view.find(typeId) == null) {
            errors.add("its type " + typeId + " is not registered");
        }
        return new Relationships(key, refs, typeId == null ? null : build(typeId, view, seen), errors);
    }

    private static void references(String path, JsonNode node, Document document, Map<String, String> targets) {
        if (node.isTextual()) {
            String text = node.textValue();
            String target = text.startsWith("gts://") ? text.substring("gts://".length()) : text;
            if (target.startsWith("gts.") && !target.contains("*") && !target.equals(document.key()) && !target.equals(document.typeId())) {
                targets.put(path, target);
            }
            return;
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            references(path.isEmpty() ? entry.getKey() : path + '.' + entry.getKey(), entry.getValue(), document, targets);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            references(path + '[' + i + ']', node.path(i), document, targets);
        }
    }
}
