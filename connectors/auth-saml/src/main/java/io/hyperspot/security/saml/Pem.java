// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text (RFC 7468). What is wrong with them is said for the operator. */
final class Pem {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");
    private static final Pattern KEY =
            Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");
    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 8192;
    private static final Set<Integer> CURVES = Set.of(256, 384, 521);

    private Pem() {}

    static List<X509Certificate> certificates(String text) {
        List<X509Certificate> found = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(text);
        while (matcher.find()) {
            found.add(certificate(matcher.group(1)));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("'certificates' must hold certificates as PEM (BEGIN CERTIFICATE)");
        }
        return found;
    }

    /**
     * @param base64 of the DER form, with white space as it may be
     * @throws IllegalArgumentException when it is none, or has a key that is too weak
     */
    static X509Certificate certificate(String base64) {
        try {
            byte[] der = decoded(base64);
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            checkPublic(certificate.getPublicKey());
            return certificate;
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate of the identity provider cannot be read", e);
        }
    }

    private static byte[] decoded(String base64) throws CertificateException {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new CertificateException("no Base64", e);
        }
    }

    private static void checkPublic(PublicKey key) {
        if (!isStrong(key)) {
            throw new IllegalArgumentException(
                    "a certificate of the identity provider has a key that is too weak, or of a kind that is not accepted:"
                            + " RSA of 2048 to 8192 bits, or EC with P-256, P-384 or P-521");
        }
    }

    private static boolean isStrong(Object key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength() >= SHORTEST_RSA && rsa.getModulus().bitLength() <= LONGEST_RSA;
            case ECKey ec -> CURVES.contains(ec.getParams().getCurve().getField().getFieldSize());
            default -> false;
        };
    }

    /** No message holds anything of the key. */
    static PrivateKey privateKey(String text) {
        Matcher matcher = KEY.matcher(text);
        if (matcher.matches()) {
            byte[] der = matcher.group(1).replaceAll("\\s", "").getBytes(StandardCharsets.US_ASCII);
            for (String family : List.of("RSA", "EC")) {
                try {
                    PrivateKey key = KeyFactory.getInstance(family)
                            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(der)));
                    if (isStrong(key)) {
                        return key;
                    }
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    // perhaps of the other kind; not the cause, which could hold parts of the key
                }
            }
        }
        throw new IllegalArgumentException(
                "'signing_key' must be a private key of RSA with 2048 bits or more, or of EC, in PKCS #8 as PEM (BEGIN PRIVATE KEY)");
    }
}
