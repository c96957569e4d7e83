// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Recovery codes on the wire. */
@Schema(name = "RecoveryCodes", description = "Each stands for a code of the app once; shown once.")
public record CodesDto(@Schema(description = "Ten.") List<String> recoveryCodes) {
    @Override
    public String toString() {
        return "CodesDto[***]";
    }
}
