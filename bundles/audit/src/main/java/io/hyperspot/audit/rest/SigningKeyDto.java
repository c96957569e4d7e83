// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The public key on the wire. */
@Schema(name = "AuditSigningKey", description = "The public key with which trails are checked.")
public record SigningKeyDto(
        @Schema(description = "Ed25519.") String algorithm,
        @Schema(description = "X.509 SubjectPublicKeyInfo in base64.") String key,
        @Schema(description = "The first 16 bytes of its SHA-256.") String fingerprint) {}
