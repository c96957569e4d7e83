// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate of a server, made by the JDK's keytool. */
final class TestCertificate {
    static final String PASSWORD = "for-a-test";

    private final Path folder;
    private final KeyStore store;

    /**
     * @param names as keytool takes them: {@code dns:localhost}
     * @param more arguments for keytool
     */
    TestCertificate(Path folder, String names, String... more) throws Exception {
        this.folder = Files.createTempDirectory(folder, "certificate");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "server", "-keyalg", "RSA", "-dname", "CN=test", "-validity", "2",
                "-ext", "SAN=" + names, "-storetype", "PKCS12", "-keystore", store().toString(), "-storepass", PASSWORD));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(this.folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            store.load(in, PASSWORD.toCharArray());
        }
    }

    private Path store() {
        return folder.resolve("store.p12");
    }

    /** What the server needs. */
    SSLContext context() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** What who trusts it needs. */
    Path pem() throws IOException, GeneralSecurityException {
        Path file = folder.resolve("ca.pem");
        Files.writeString(file, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        return file;
    }

    Path keyPem() throws IOException, GeneralSecurityException {
        Path file = folder.resolve("key.pem");
        Files.writeString(file, pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
        return file;
    }

    /** What who trusts it needs, in the other format. */
    Path trustStore() throws IOException, GeneralSecurityException {
        Path file = folder.resolve("trust.p12");
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", store.getCertificate("server"));
        try (var out = Files.newOutputStream(file)) {
            trust.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static String pem(String what, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
