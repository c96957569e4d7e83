// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.chain.SignedPoint;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The end of a trail on the wire. */
@Schema(name = "AuditHead", description = "The newest record, signed: keep it to show later that nothing before was changed.")
public record HeadDto(
        @Schema(description = "The record's number.") long seq,
        @Schema(description = "The record's hash.") String hash,
        @Schema(description = "When it was signed.") Instant at,
        @Schema(description = "Ed25519, in base64.") String signature) {
    static @Nullable HeadDto of(@Nullable SignedPoint head) {
        return head == null
                ? null
                : new HeadDto(
                        head.point().seq(),
                        head.point().hash(),
                        Instant.ofEpochMilli(head.at()),
                        Base64.getEncoder().encodeToString(head.signature()));
    }
}
