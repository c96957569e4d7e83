// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The public half of the key (Ed25519, RFC 8032) that signs trails. Thread-safe. */
public final class TrailKey {
    private static final String ALGORITHM = "Ed25519";

    private final PublicKey key;

    public TrailKey(PublicKey key) {
        this.key = key;
    }

    /**
     * @param text what {@link #text} gave
     * @throws IllegalArgumentException when it is no such key
     */
    public static TrailKey parse(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.strip());
            return new TrailKey(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key in base64 (X.509)", e);
        }
    }

    /** The key in base64, as X.509 SubjectPublicKeyInfo. */
    public String text() {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** By what people compare it: the first 16 bytes of its SHA-256. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.ofDelimiter(":").formatHex(hash, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether the point was signed with the other half. */
    public boolean signed(SignedPoint signed) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(signed.point().statement(signed.at()));
            return verifier.verify(signed.signature());
        } catch (GeneralSecurityException e) {
            // a signature of another length or form
            return false;
        }
    }
}
