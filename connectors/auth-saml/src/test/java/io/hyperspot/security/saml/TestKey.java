// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;

/** A key with a certificate of its own (RFC 5280), as providers have them. */
record TestKey(KeyPair pair, X509Certificate certificate) {
    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String RSA_SHA_256 = "06092a864886f70d01010b0500";
    private static final String ECDSA_SHA_256 = "06082a8648ce3d040302";

    static TestKey rsa(int bits) {
        return rsa(bits, Instant.parse("2045-01-01T00:00:00Z"));
    }

    static TestKey rsa(int bits, Instant end) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return of(generator.generateKeyPair(), "SHA256withRSA", RSA_SHA_256, end);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestKey ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return of(generator.generateKeyPair(), "SHA256withECDSA", ECDSA_SHA_256, Instant.parse("2045-01-01T00:00:00Z"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestKey of(KeyPair pair, String algorithm, String oid, Instant end) throws GeneralSecurityException {
        byte[] sigAlg = der(0x30, HexFormat.of().parseHex(oid));
        byte[] name = der(0x30, der(0x31, der(0x30,
                HexFormat.of().parseHex("0603550403"), der(0x0c, "idp.example".getBytes(StandardCharsets.UTF_8)))));
        byte[] tbs = der(0x30,
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, BigInteger.valueOf(System.nanoTime()).toByteArray()),
                sigAlg,
                name,
                der(0x30, time(Instant.parse("2020-01-01T00:00:00Z")), time(end)),
                name,
                pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(tbs);
        byte[] whole = der(0x30, tbs, sigAlg, der(0x03, new byte[] {0}, signature.sign()));
        return new TestKey(pair, (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole)));
    }

    private static byte[] time(Instant at) {
        return der(0x17, UTC_TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (content.size() < 128) {
            whole.write(content.size());
        } else {
            byte[] length = BigInteger.valueOf(content.size()).toByteArray();
            int from = length[0] == 0 ? 1 : 0;
            whole.write(0x80 | (length.length - from));
            whole.write(length, from, length.length - from);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    PrivateKey secret() {
        return pair.getPrivate();
    }

    String base64() {
        try {
            return Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String pem() {
        return "-----BEGIN CERTIFICATE-----\n" + base64() + "\n-----END CERTIFICATE-----\n";
    }

    String secretPem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(secret().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
