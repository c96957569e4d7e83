// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;

/** The JDK's EdDSA: Nimbus would need Tink for it. Thread-safe. */
final class Ed25519 {
    private static final int KEY = 32;
    private static final int SIGNATURE = 64;

    private final PublicKey key;

    /**
     * @param encoded the point as RFC 8032 writes it: little-endian, the top bit is the sign of x
     */
    Ed25519(byte[] encoded) throws GeneralSecurityException {
        if (encoded.length != KEY) {
            throw new InvalidKeySpecException("an Ed25519 key has 32 bytes");
        }
        byte[] y = new byte[KEY];
        for (int i = 0; i < KEY; i++) {
            y[i] = encoded[KEY - 1 - i];
        }
        boolean xIsOdd = y[0] < 0;
        y[0] &= 0x7f;
        key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xIsOdd, new BigInteger(1, y))));
    }

    boolean verify(byte[] signed, byte[] signature) throws GeneralSecurityException {
        if (signature.length != SIGNATURE) {
            return false;
        }
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(signed);
        return verifier.verify(signature);
    }
}
