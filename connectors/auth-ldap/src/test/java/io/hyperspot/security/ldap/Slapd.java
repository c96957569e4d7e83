// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** OpenLDAP's server on a free port of this machine, with password policies and memberOf. */
final class Slapd implements AutoCloseable {
    static final String BASE = "dc=example,dc=com";
    static final String PEOPLE = "ou=people," + BASE;
    static final String GROUPS = "ou=groups," + BASE;
    static final String ROOT = "cn=root," + BASE;
    static final String ROOT_PASSWORD = "root-secret";

    private final Path folder;
    private final String binary;
    private final int port;
    private Process process;

    static Optional<String> binary() {
        return Stream.of("/usr/sbin/slapd", "/usr/libexec/slapd", "/usr/local/libexec/slapd")
                .filter(path -> Files.isExecutable(Path.of(path)) && Files.isDirectory(Path.of("/usr/lib/ldap")))
                .findFirst();
    }

    Slapd(String binary, Path folder, TestCertificate certificate) throws Exception {
        this.binary = binary;
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.createDirectory(folder.resolve("db"));
        String schema = Stream.of("core", "cosine", "inetorgperson")
                .map(name -> "include /etc/ldap/schema/" + name + ".schema\n")
                .reduce("", String::concat);
        Files.writeString(folder.resolve("slapd.conf"), schema + """
                modulepath /usr/lib/ldap
                moduleload back_mdb
                moduleload memberof
                moduleload ppolicy
                pidfile %1$s/slapd.pid
                TLSCACertificateFile %2$s
                TLSCertificateFile %2$s
                TLSCertificateKeyFile %3$s
                security simple_bind=128
                database mdb
                suffix "dc=example,dc=com"
                rootdn "cn=root,dc=example,dc=com"
                rootpw root-secret
                directory %1$s/db
                overlay memberof
                overlay ppolicy
                ppolicy_default "cn=policy,dc=example,dc=com"
                """.formatted(folder, certificate.pem(), certificate.keyPem()));
        start();
    }

    void start() throws Exception {
        process = new ProcessBuilder(
                        binary, "-f", folder.resolve("slapd.conf").toString(), "-h", "ldap://127.0.0.1:" + port + "/", "-d", "0")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("slapd.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            assertThat(process.isAlive()).as(this::log).isTrue();
            try (LDAPConnection connection = new LDAPConnection("127.0.0.1", port)) {
                return connection.isConnected();
            } catch (LDAPException e) {
                return false;
            }
        });
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("slapd.log"));
        } catch (java.io.IOException e) {
            return "no log";
        }
    }

    void add(TestCertificate certificate, List<String> entries) throws Exception {
        LdapSettings settings = LdapSettings.of("test", Fixture.config(Fixture.settings(
                "urls", new String[] {url()}, "user_base", PEOPLE, "tenant", Fixture.TENANT)));
        try (LDAPConnection connection = new Servers(
                        settings, Certificates.trusting(certificate.pem().toString(), new char[0]))
                .connect()) {
            connection.bind(ROOT, ROOT_PASSWORD);
            for (String entry : entries) {
                LDIFReader.decodeChangeRecord(true, entry.strip().split("\n", -1)).processChange(connection);
            }
        }
    }

    String url() {
        return "ldap://localhost:" + port;
    }

    void kill() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        kill();
    }
}
