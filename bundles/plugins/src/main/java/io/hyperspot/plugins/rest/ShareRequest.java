// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The part of the requests that a version gets. */
@Schema(name = "PluginShare", description = "The part of the requests that a version which is being tried gets.")
public record ShareRequest(
        @JsonProperty("percent") @Schema(description = "Of all requests, 0 to 100") @Nullable Integer percent,
        @JsonProperty("tenants") @Schema(description = "Tenants whose requests it gets in any case") @Nullable List<String> tenants) {

    /**
     * @throws ProblemException INVALID_ARGUMENT when a member is malformed
     */
    Share share() {
        int part = percent == null ? 0 : percent;
        if (part < 0 || part > 100) {
            throw malformed("percent is " + part + "; it must be 0 to 100");
        }
        Set<UUID> named = new HashSet<>();
        for (String tenant : tenants == null ? List.<String>of() : tenants) {
            try {
                named.add(UUID.fromString(tenant));
            } catch (IllegalArgumentException e) {
                throw malformed("'" + tenant + "' is no tenant's id; write it as a UUID");
            }
        }
        return new Share(part, named);
    }

    static ProblemException malformed(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_SHARE", detail);
    }
}
