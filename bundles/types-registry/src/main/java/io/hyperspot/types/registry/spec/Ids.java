// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.spec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.List;

/** The operations on ids alone. */
final class Ids {
    private Ids() {}

    static ObjectNode validate(String text) {
        ObjectNode answer = SpecSurface.object().put("id", text);
        try {
            GtsPattern.parse(text);
            answer.put("valid", true);
            type(answer, text.endsWith("~"));
        } catch (GtsSyntaxException e) {
            answer.put("valid", false);
            type(answer, false);
            answer.put("error", e.getMessage());
        }
        return answer.put("is_wildcard", text.contains("*"));
    }

    static ObjectNode parse(String text) {
        ObjectNode answer = SpecSurface.object().put("id", text);
        ArrayNode segments = answer.putArray("segments");
        try {
            GtsPattern pattern = GtsPattern.parse(text);
            answer.put("ok", true);
            pattern.segments().forEach(segment -> segments.add(segment(segment)));
            type(answer, text.endsWith("~"));
        } catch (GtsSyntaxException e) {
            answer.put("ok", false);
            type(answer, false);
            answer.put("error", e.getMessage());
        }
        return answer.put("is_wildcard", text.contains("*"));
    }

    static ObjectNode segment(GtsSegment segment) {
        ObjectNode json = SpecSurface.object()
                .put("vendor", segment.vendor())
                .put("package", segment.packageName())
                .put("namespace", segment.namespace())
                .put("type", segment.type())
                .put("ver_major", segment.major());
        if (segment.hasMinor()) {
            json.put("ver_minor", segment.minor());
        } else {
            json.putNull("ver_minor");
        }
        type(json, segment.isType());
        return json;
    }

    /** Under both names that implementations of the specification use. */
    static void type(ObjectNode answer, boolean isType) {
        answer.put("is_type", isType).put("is_type_schema", isType);
    }

    static void texts(ObjectNode answer, String name, List<String> texts) {
        ArrayNode array = answer.putArray(name);
        texts.forEach(array::add);
    }
}
