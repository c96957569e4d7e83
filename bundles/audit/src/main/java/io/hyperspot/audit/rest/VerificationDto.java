// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.chain.Finding;
import io.hyperspot.audit.trail.Trail;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What came of a check, on the wire. */
@Schema(name = "AuditVerification", description = "Whether the trail is as it was recorded.")
public record VerificationDto(
        @Schema(description = "True: nothing was found.") boolean intact,
        @Schema(description = "How many records were looked at.") long records,
        @Schema(description = "The signed end; null: nothing was recorded yet.") @Nullable HeadDto head,
        @Schema(description = "By what people compare the key.") String keyFingerprint,
        @Schema(description = "What is wrong, at most 1000.") List<FindingDto> findings) {
    /** One thing that is wrong. */
    @Schema(name = "AuditFinding", description = "Something that is wrong with the trail.")
    public record FindingDto(
            @Schema(description = "edited, deleted, inserted, cut_off or unsigned.") String kind,
            @Schema(description = "The first record that it is about.") long seq,
            @Schema(description = "For people.") String detail) {
        static FindingDto of(Finding finding) {
            return new FindingDto(finding.kind().name().toLowerCase(Locale.ROOT), finding.seq(), finding.detail());
        }
    }

    static VerificationDto of(Trail.Verification verification, String fingerprint) {
        return new VerificationDto(
                verification.findings().isEmpty(),
                verification.records(),
                HeadDto.of(verification.head()),
                fingerprint,
                verification.findings().stream().map(FindingDto::of).toList());
    }
}
