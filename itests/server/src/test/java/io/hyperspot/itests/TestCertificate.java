// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key with a self-signed certificate for localhost, made by the JDK's keytool. */
final class TestCertificate {
    private static final String PASSWORD = "for-a-test";

    private final Path folder;
    private final KeyStore store;

    TestCertificate(Path folder) throws Exception {
        this.folder = Files.createTempDirectory(folder, "certificate");
        Path file = this.folder.resolve("store.p12");
        Path log = this.folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "peer", "-keyalg", "RSA", "-dname", "CN=peer", "-validity", "2",
                        "-ext", "SAN=dns:localhost", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool: " + Files.readString(log));
        }
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
    }

    PrivateKey secret() throws GeneralSecurityException {
        return (PrivateKey) store.getKey("peer", PASSWORD.toCharArray());
    }

    X509Certificate certificate() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("peer");
    }

    /** What the certificate's owner needs for TLS. */
    SSLContext context() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** What the others need to trust it. */
    Path pem() throws IOException, GeneralSecurityException {
        return Files.writeString(
                folder.resolve("certificate.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }
}
