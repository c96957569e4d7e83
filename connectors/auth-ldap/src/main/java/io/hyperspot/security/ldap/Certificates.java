// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose certificates are trusted. */
final class Certificates {
    private static final long LONGEST = 4 << 20;

    private Certificates() {}

    /**
     * @param file of authorities, as PEM or PKCS #12; empty: those that Java knows
     * @throws IllegalArgumentException when it cannot be used; the message is for the operator
     */
    static SSLContext trusting(String file, char[] password) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(file.isEmpty() ? null : read(Path.of(file), password));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the certificates in 'trust_file' cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static @Nullable KeyStore read(Path file, char[] password) throws IOException, GeneralSecurityException {
        if (Files.size(file) > LONGEST) {
            throw new IOException("the file is too long");
        }
        byte[] bytes = Files.readAllBytes(file);
        KeyStore store = KeyStore.getInstance("PKCS12");
        if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
            store.load(new ByteArrayInputStream(bytes), password);
        } else {
            store.load(null, null);
            int count = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                store.setCertificateEntry("authority-" + count++, each);
            }
        }
        if (store.size() == 0) {
            throw new IOException("there is no certificate");
        }
        return store;
    }
}
