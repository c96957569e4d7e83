// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.usage.UsageType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A usage type on the wire. */
@Schema(name = "UsageType", description = "Something whose use is recorded.")
public record UsageTypeDto(
        @Schema(description = "Its GTS id.") String id,
        @Schema(description = "counter: amounts that add up; gauge: measurements, of which the latest counts.") String kind,
        @Schema(description = "In what it is counted.") String unit,
        @Schema(description = "How many digits behind the point a quantity may have.") int scale) {
    static UsageTypeDto of(UsageType type) {
        return new UsageTypeDto(type.id(), type.kind().text(), type.unit(), type.scale());
    }
}
