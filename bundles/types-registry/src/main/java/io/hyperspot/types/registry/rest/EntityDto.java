// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An entity on the wire. */
@Schema(name = "TypesRegistryEntity", description = "A registered GTS type or instance.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record EntityDto(
        @Schema(description = "UUID version 5 of the GTS id.") @JsonProperty("id") UUID id,
        @Schema(description = "The GTS id.") @JsonProperty("gts_id") String gtsId,
        @Schema(description = "The segments of the id, the base type first.") @JsonProperty("segments")
                List<SegmentDto> segments,
        @Schema(description = "Whether it is a type, or else an instance.") @JsonProperty("is_schema")
                boolean isSchema,
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

    static EntityDto of(Entity entity) {
        return new EntityDto(
                entity.id().uuid(),
                entity.id().toString(),
                entity.id().segments().stream().map(SegmentDto::of).toList(),
                entity.isType(),
                entity.content(),
                entity.description().isEmpty() ? null : entity.description());
    }
}
