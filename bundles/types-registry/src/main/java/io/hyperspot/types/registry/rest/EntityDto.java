// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.store.Owner;
import io.hyperspot.types.registry.store.Registered;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An entity on the wire. */
@Schema(name = "TypesRegistryEntity", description = "A registered GTS type or instance.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record EntityDto(
        @Schema(description = "UUID version 5 of the GTS id; of an anonymous instance its own UUID.")
                @JsonProperty("id")
                @Nullable String id,
        @Schema(description = "The GTS id; of an anonymous instance the id that it was registered with.")
                @JsonProperty("gts_id")
                String gtsId,
        @Schema(description = "The segments of the id, the base type first.") @JsonProperty("segments")
                List<SegmentDto> segments,
        @Schema(description = "Whether it is a type, or else an instance.") @JsonProperty("is_schema")
                boolean isSchema,
        @Schema(description = "Of an instance its type, of a type the one it derives from.") @JsonProperty("type_id")
                @Nullable String typeId,
        @Schema(description = "active, deprecated, draft (registered unchecked), orphaned (its bundle is gone) or deleted.")
                @JsonProperty("status")
                String status,
        @Schema(description = "platform: brought by a bundle, seen by all; tenant: seen by that tenant and those below it.")
                @JsonProperty("scope")
                String scope,
        @Schema(description = "The registered document.", implementation = Object.class)
                @JsonProperty("content")
                @JsonRawValue
                String content,
        @Schema(description = "What the document says of itself.") @JsonProperty("description")
                @Nullable String description) {

    /** A segment on the wire. */
    @Schema(name = "TypesRegistrySegment", description = "One segment of a GTS id.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SegmentDto(
            @JsonProperty("vendor") String vendor,
            @JsonProperty("package") String packageName,
            @JsonProperty("namespace") String namespace,
            @JsonProperty("type_name") String typeName,
            @JsonProperty("ver_major") int verMajor,
            @JsonProperty("ver_minor") @Nullable Integer verMinor,
            @JsonProperty("is_type") boolean isType) {
        static SegmentDto of(GtsSegment segment) {
            return new SegmentDto(
                    segment.vendor(),
                    segment.packageName(),
                    segment.namespace(),
                    segment.type(),
                    segment.major(),
                    segment.hasMinor() ? segment.minor() : null,
                    segment.isType());
        }
    }

    static EntityDto of(Registered entity) {
        Document document = entity.document();
        GtsId id = document.id();
        return new EntityDto(
                id == null ? document.key() : id.uuid().toString(),
                document.key(),
                id == null ? List.of() : id.segments().stream().map(SegmentDto::of).toList(),
                document.isType(),
                document.typeId(),
                entity.status().text(),
                scope(entity),
                document.content().toString(),
                description(document));
    }

    static String scope(Registered entity) {
        return entity.owner() instanceof Owner.OfBundle ? "platform" : "tenant";
    }

    static @Nullable String description(Document document) {
        JsonNode description = document.content().path("description");
        return description.isTextual() ? description.textValue() : null;
    }
}
