// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What changes of a user, on the wire. */
@Schema(name = "UserChange", description = "What changes of a user; what is absent stays.")
public record UserChange(
        @Schema(description = "As others read it.") @Nullable String displayName,
        @Schema(description = "All of them; needs gts.hyperspot.core.security.*:admin, and logs the user out.") @Nullable List<String> groups,
        @Schema(description = "Whether they are kept out; true logs them out.") @Nullable Boolean disabled) {}
