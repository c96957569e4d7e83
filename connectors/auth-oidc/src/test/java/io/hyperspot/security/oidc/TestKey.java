// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A key pair of a provider, and tokens signed with it by the JDK alone. */
record TestKey(String kid, KeyPair pair) {
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    static TestKey rsa(String kid, int bits) {
        return make(kid, "RSA", bits, "");
    }

    static TestKey ec(String kid, String curve) {
        return make(kid, "EC", 0, curve);
    }

    static TestKey ed25519(String kid) {
        return make(kid, "Ed25519", 0, "");
    }

    private static TestKey make(String kid, String algorithm, int bits, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            } else if (!curve.isEmpty()) {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return new TestKey(kid, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Object> jwk() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kid", kid);
        switch (pair.getPublic()) {
            case RSAPublicKey rsa -> {
                jwk.put("kty", "RSA");
                jwk.put("n", TEXT.encodeToString(unsigned(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8)));
                jwk.put("e", TEXT.encodeToString(rsa.getPublicExponent().toByteArray()));
            }
            case ECPublicKey ec -> {
                int bits = ec.getParams().getOrder().bitLength();
                int size = (bits + 7) / 8;
                jwk.put("kty", "EC");
                jwk.put("crv", "P-" + bits);
                jwk.put("x", TEXT.encodeToString(unsigned(ec.getW().getAffineX(), size)));
                jwk.put("y", TEXT.encodeToString(unsigned(ec.getW().getAffineY(), size)));
            }
            case EdECPublicKey ed -> {
                byte[] encoded = ed.getEncoded();
                jwk.put("kty", "OKP");
                jwk.put("crv", "Ed25519");
                jwk.put("x", TEXT.encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
            }
            default -> throw new IllegalStateException("no such key");
        }
        return jwk;
    }

    private static byte[] unsigned(BigInteger number, int size) {
        byte[] bytes = number.toByteArray();
        byte[] out = new byte[size];
        int length = Math.min(bytes.length, size);
        System.arraycopy(bytes, bytes.length - length, out, size - length, length);
        return out;
    }

    byte[] sign(String algorithm, String text) {
        return sign(algorithm, text, pair.getPrivate());
    }

    private static byte[] sign(String algorithm, String text, PrivateKey key) {
        try {
            String bits = algorithm.substring(Math.min(2, algorithm.length()));
            Signature signature = switch (algorithm.substring(0, 2)) {
                case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
                case "PS" -> pss(bits);
                case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
                default -> Signature.getInstance("Ed25519");
            };
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signature pss(String bits) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(
                "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1));
        return signature;
    }

    /** A token whose header says the algorithm and this key. */
    String token(String algorithm, Map<String, Object> claims) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("typ", "at+jwt");
        header.put("kid", kid);
        return token(algorithm, header, claims);
    }

    String token(String algorithm, Map<String, Object> header, Map<String, Object> claims) {
        return raw(algorithm, FakeIssuer.text(header), FakeIssuer.text(claims));
    }

    /** With header and claims as they are. */
    String raw(String algorithm, String header, String claims) {
        String signed = part(header) + "." + part(claims);
        return signed + "." + TEXT.encodeToString(sign(algorithm, signed));
    }

    static String part(String text) {
        return part(text.getBytes(StandardCharsets.UTF_8));
    }

    static String part(byte[] bytes) {
        return TEXT.encodeToString(bytes);
    }
}
