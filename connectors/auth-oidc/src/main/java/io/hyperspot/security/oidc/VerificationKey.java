// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.hyperspot.security.oidc.Algorithm.Family;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A public key of a provider. Thread-safe. */
final class VerificationKey {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;

    /** Whether a signature is right. */
    private interface Check {
        boolean verify(Algorithm algorithm, byte[] signed, byte[] signature) throws JOSEException, GeneralSecurityException;
    }

    private final @Nullable String id;
    private final Family family;
    private final @Nullable String algorithm;
    private final Check check;

    private VerificationKey(JWK key, Family family, Check check) {
        this.id = key.getKeyID();
        this.family = family;
        this.algorithm = key.getAlgorithm() == null ? null : key.getAlgorithm().getName();
        this.check = check;
    }

    /** Empty for what cannot verify signatures, is too weak, secret, or not understood. */
    static Optional<VerificationKey> of(Map<String, Object> json) {
        try {
            if ("oct".equals(json.get("kty"))) {
                return Optional.empty();
            }
            JWK key = JWK.parse(json);
            boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
            boolean verifies = key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY);
            if (!signs || !verifies || key.isPrivate()) {
                return Optional.empty();
            }
            return switch (key) {
                case RSAKey rsa -> rsa(rsa);
                case ECKey ec -> ec(ec);
                case OctetKeyPair okp -> ed25519(okp);
                default -> Optional.empty();
            };
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static Optional<VerificationKey> rsa(RSAKey key) throws JOSEException {
        RSAPublicKey rsa = key.toRSAPublicKey();
        int bits = rsa.getModulus().bitLength();
        boolean usual = rsa.getPublicExponent().testBit(0) && rsa.getPublicExponent().bitLength() > 1
                && rsa.getPublicExponent().bitLength() <= 33;
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS || !usual) {
            return Optional.empty();
        }
        return Optional.of(new VerificationKey(key, Family.RSA, by(new RSASSAVerifier(rsa))));
    }

    private static Optional<VerificationKey> ec(ECKey key) throws JOSEException {
        Family family;
        if (key.getCurve().equals(Curve.P_256)) {
            family = Family.P_256;
        } else if (key.getCurve().equals(Curve.P_384)) {
            family = Family.P_384;
        } else if (key.getCurve().equals(Curve.P_521)) {
            family = Family.P_521;
        } else {
            return Optional.empty();
        }
        return Optional.of(new VerificationKey(key, family, by(new ECDSAVerifier(key))));
    }

    private static Optional<VerificationKey> ed25519(OctetKeyPair key) throws GeneralSecurityException {
        if (!key.getCurve().equals(Curve.Ed25519)) {
            return Optional.empty();
        }
        Ed25519 verifier = new Ed25519(key.getDecodedX());
        return Optional.of(new VerificationKey(key, Family.ED25519, (algorithm, signed, signature) -> verifier.verify(signed, signature)));
    }

    private static Check by(JWSVerifier verifier) {
        return (algorithm, signed, signature) ->
                verifier.verify(new JWSHeader(algorithm.jose()), signed, Base64URL.encode(signature));
    }

    @Nullable String id() {
        return id;
    }

    /** Whether the key is one for the algorithm: a key says itself, by its kind, how it is used (RFC 8725, 3.1). */
    boolean fits(Algorithm wanted) {
        return family == wanted.family() && (algorithm == null || algorithm.equals(wanted.text()) || isEd25519Named(wanted));
    }

    /** RFC 9864 calls EdDSA with that curve Ed25519. */
    private boolean isEd25519Named(Algorithm wanted) {
        return wanted == Algorithm.EDDSA && "Ed25519".equals(algorithm);
    }

    boolean verifies(Algorithm wanted, byte[] signed, byte[] signature) {
        try {
            return fits(wanted) && check.verify(wanted, signed, signature);
        } catch (JOSEException | GeneralSecurityException e) {
            return false;
        }
    }
}
