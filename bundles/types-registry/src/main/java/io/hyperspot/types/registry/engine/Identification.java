// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a document says it is (GTS operation 2). A schema is what has {@code $schema}; everything else is an
 * instance. Ids are looked for in the fields that the reference implementation looks in, in that order; a
 * GTS id goes before any other.
 *
 * @param id as written, without {@code gts://}; null when there is none
 * @param idField where it was found, or null
 * @param typeId the type of an instance, the parent of a type; null when unknown or none
 * @param typeField where that was found; the id's field when the id tells it; null when unknown
 */
public record Identification(
        boolean isType,
        @Nullable String id,
        @Nullable String idField,
        @Nullable String typeId,
        @Nullable String typeField) {
    private static final String URI = "gts://";
    private static final List<String> ID_FIELDS =
            List.of("$id", "gtsId", "gtsIid", "gtsOid", "gtsI", "gts_id", "gts_oid", "gts_iid", "id");
    private static final List<String> TYPE_FIELDS =
            List.of("gtsTid", "gtsType", "gtsT", "gts_t", "gts_tid", "gts_type", "type", "schema");

    public static Identification of(JsonNode document) {
        boolean isType = document.has(Keywords.SCHEMA);
        String idField = isType ? field(document, List.of(Keywords.ID)) : field(document, ID_FIELDS);
        String id = idField == null ? null : bare(document.path(idField).textValue());
        if (id != null) {
            String above = above(id);
            if (above != null) {
                return new Identification(isType, id, idField, above, idField);
            }
        }
        if (isType || (id != null && id.endsWith("~"))) {
            return new Identification(isType, id, idField, null, null);
        }
        String typeField = field(document, TYPE_FIELDS);
        String typeId = typeField == null ? null : bare(document.path(typeField).textValue());
        if (typeId != null && typeId.contains("json-schema.org")) {
            // The dialect of a schema is no type.
            return new Identification(false, id, idField, null, null);
        }
        return new Identification(false, id, idField, typeId, typeField);
    }

    /** The first field with a GTS id, else the first with a text. */
    private static @Nullable String field(JsonNode document, List<String> names) {
        String first = null;
        for (String name : names) {
            JsonNode value = document.get(name);
            if (value != null && value.isTextual() && !value.textValue().isEmpty()) {
                if (parsed(bare(value.textValue())) != null) {
                    return name;
                }
                first = first == null ? name : first;
            }
        }
        return first;
    }

    private static String bare(String text) {
        return text.startsWith(URI) ? text.substring(URI.length()) : text;
    }

    /** The type that the id itself names; null when it is not a chain. */
    private static @Nullable String above(String id) {
        GtsId parsed = parsed(id);
        return parsed == null ? null : parsed.typeId().map(GtsId::toString).orElse(null);
    }

    private static @Nullable GtsId parsed(String text) {
        if (!text.startsWith("gts.")) {
            return null;
        }
        try {
            return GtsId.parse(text);
        } catch (GtsSyntaxException e) {
            return null;
        }
    }
}
