// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.enforcer.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Whether a feature is licensed, on the wire. */
@Schema(name = "FeatureLicense", description = "Whether the tenant may use a feature.")
public record FeatureDto(
        @Schema(description = "The feature's GTS id.") String id, @Schema(description = "Whether it may be used now.") boolean licensed) {}
