// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static io.hyperspot.security.ldap.Fixture.LATER;
import static io.hyperspot.security.ldap.Fixture.WRONG;
import static io.hyperspot.security.ldap.Fixture.identity;
import static io.hyperspot.security.ldap.Fixture.login;
import static io.hyperspot.security.ldap.Fixture.settings;
import static io.hyperspot.security.ldap.TestDirectory.ALICE_PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.BindResponseProtocolOp;
import com.unboundid.ldap.protocol.ExtendedResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.sdk.ResultCode;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TransportTest {
    @TempDir
    private static Path folder;

    private static TestCertificate good;
    private static TestCertificate elsewhere;

    private final Fixture fixture = new Fixture();

    @BeforeAll
    static void makeCertificates() throws Exception {
        good = new TestCertificate(folder, "dns:localhost");
        elsewhere = new TestCertificate(folder, "dns:ldap.other.example");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private LdapPasswordWorker worker(String security, String url, TestCertificate trusted) throws Exception {
        return fixture.worker(settings(
                "security", security,
                "urls", new String[] {url},
                "trust_file", trusted.pem().toString(),
                "timeout_seconds", 1));
    }

    private static void assertUndecided(LdapPasswordWorker worker) {
        assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
    }

    @Test
    void sendsNothingToReadWhenTheServerRefusesStartTls() throws Exception {
        try (TestDirectory directory = new TestDirectory(null, null, 0);
                Tap tap = new Tap(directory.port())) {
            assertUndecided(worker("STARTTLS", tap.url(), good));
            assertThat(tap.connections).hasPositiveValue();
            assertThat(tap.sent())
                    .contains("1.3.6.1.4.1.1466.20037")
                    .doesNotContain(ALICE_PASSWORD, TestDirectory.READER_PASSWORD, "alice", "reader");
            assertThat(directory.asked()).isZero();
        }
    }

    @Test
    void sendsNothingToReadWhenAllIsWell() throws Exception {
        try (TestDirectory directory = new TestDirectory(good.context(), null, 0);
                Tap tap = new Tap(directory.port())) {
            identity(worker("STARTTLS", tap.url(), good), "alice", ALICE_PASSWORD);
            assertThat(tap.sent()).doesNotContain(ALICE_PASSWORD, TestDirectory.READER_PASSWORD, "alice", "reader");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"STARTTLS", "LDAPS"})
    void takesNoCertificateOfAnUnknownAuthority(String security) throws Exception {
        try (TestDirectory directory = new TestDirectory(good.context(), good.context(), 0)) {
            String url = security.equals("LDAPS") ? directory.ldapsUrl() : directory.url();
            assertUndecided(worker(security, url, elsewhere));
            assertThat(directory.asked()).isZero();
            // those that Java knows do not know it either
            assertUndecided(fixture.worker(settings("security", security, "urls", new String[] {url})));
            assertThat(directory.asked()).isZero();
        }
    }

    /** RFC 4513, section 3.1.3. */
    @ParameterizedTest
    @CsvSource({"STARTTLS, localhost, true", "LDAPS, localhost, true", "STARTTLS, 127.0.0.1, false", "LDAPS, 127.0.0.1, false"})
    void takesNoCertificateOfAnotherHost(String security, String host, boolean other) throws Exception {
        TestCertificate certificate = other ? elsewhere : good;
        try (TestDirectory directory = new TestDirectory(certificate.context(), certificate.context(), 0)) {
            String url = (security.equals("LDAPS") ? directory.ldapsUrl() : directory.url()).replace("localhost", host);
            assertUndecided(worker(security, url, certificate));
            assertThat(directory.asked()).isZero();
        }
    }

    @Test
    void takesNoExpiredCertificate() throws Exception {
        TestCertificate expired = new TestCertificate(folder, "dns:localhost", "-startdate", "-10d");
        try (TestDirectory directory = new TestDirectory(expired.context(), null, 0)) {
            assertUndecided(worker("STARTTLS", directory.url(), expired));
            assertThat(directory.asked()).isZero();
        }
    }

    @Test
    void needsNoTlsOnThisMachineOnly() throws Exception {
        try (TestDirectory directory = new TestDirectory(null, null, 0)) {
            LdapPasswordWorker worker = fixture.worker(settings("security", "PLAIN", "urls", new String[] {directory.url()}));
            identity(worker, "alice", ALICE_PASSWORD);
        }
        LdapPasswordWorker elsewhere = fixture.worker(settings("security", "PLAIN", "urls", new String[] {"ldap://192.0.2.1"}));
        assertUndecided(elsewhere);
        assertThat(elsewhere.health().reason()).contains("this machine only").contains("modules.auth-ldap.instances.acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STARTTLS", "LDAPS", "PLAIN"})
    void waitsForNoServerThatIsSilent(String security) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = (security.equals("LDAPS") ? "ldaps" : "ldap") + "://localhost:" + silent.getLocalPort();
            LdapPasswordWorker worker = worker(security, url, good);
            long begun = System.nanoTime();
            assertUndecided(worker);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        }
    }

    /** Says yes to StartTLS, or sends what it likes; then goes on with TLS. */
    private static final class Attacker implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final SSLContext context;
        private final boolean afterTls;
        volatile @Nullable String seen;

        Attacker(SSLContext context, boolean afterTls) throws IOException {
            this.context = context;
            this.afterTls = afterTls;
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            while (!listening.isClosed()) {
                try (Socket client = listening.accept()) {
                    byte[] buffer = new byte[4096];
                    if (client.getInputStream().read(buffer) < 0) {
                        continue;
                    }
                    byte[] yes = new LDAPMessage(1, new ExtendedResponseProtocolOp(0, null, null, null, null, null)).encode().encode();
                    byte[] forged = bound(ResultCode.SUCCESS);
                    byte[] both = new byte[yes.length + forged.length];
                    System.arraycopy(yes, 0, both, 0, yes.length);
                    System.arraycopy(forged, 0, both, yes.length, forged.length);
                    client.getOutputStream().write(both);
                    client.getOutputStream().flush();
                    if (!afterTls) {
                        int count = client.getInputStream().read(buffer);
                        seen = new String(buffer, 0, Math.max(0, count), java.nio.charset.StandardCharsets.ISO_8859_1);
                        continue;
                    }
                    SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(client, null, client.getPort(), true);
                    tls.setUseClientMode(false);
                    int count = tls.getInputStream().read(buffer);
                    seen = new String(buffer, 0, Math.max(0, count), java.nio.charset.StandardCharsets.ISO_8859_1);
                    tls.getOutputStream().write(bound(ResultCode.INVALID_CREDENTIALS));
                    tls.getOutputStream().flush();
                    while (tls.getInputStream().read(buffer) >= 0) {
                        // until it ends
                    }
                } catch (IOException e) {
                    // the next
                }
            }
        }

        private static byte[] bound(ResultCode code) {
            return new LDAPMessage(2, new BindResponseProtocolOp(code.intValue(), null, null, null, (ASN1OctetString) null))
                    .encode()
                    .encode();
        }

        String url() {
            return "ldap://localhost:" + listening.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    /** Answers in clear text that a man in the middle adds before TLS begins (NO STARTTLS, USENIX Security 2021; CVE-2021-33515). */
    @Test
    void forgetsWhatWasSaidBeforeTls() throws Exception {
        try (Attacker attacker = new Attacker(good.context(), true)) {
            LdapPasswordWorker worker = worker("STARTTLS", attacker.url(), good);
            Recognition recognition = login(worker, "alice", ALICE_PASSWORD);
            assertThat(recognition).isEqualTo(new Undecided(LATER));
            assertThat(attacker.seen).contains("reader");
            assertThat(worker.health().reason()).as("the answer within TLS is the one that counts").contains("bind_password");
        }
    }

    @Test
    void saysNothingToAServerThatSaysYesAndDoesNoTls() throws Exception {
        try (Attacker attacker = new Attacker(good.context(), false)) {
            assertUndecided(worker("STARTTLS", attacker.url(), good));
            assertThat(String.valueOf(attacker.seen)).doesNotContain("reader", TestDirectory.READER_PASSWORD);
        }
    }

    @Test
    void saysWhatIsWrongWithAConfiguration() throws Exception {
        Path none = folder.resolve("none.pem");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
        String root = "00000000-0000-7000-8000-000000000001";
        Map<String, Map<String, Object>> wrong = Map.ofEntries(
                Map.entry("'urls'", settings("urls", new String[] {})),
                Map.entry("of nothing but host and port", settings("urls", new String[] {"ldap://user:secret@localhost"})),
                Map.entry("'urls' must be addresses", settings("urls", new String[] {"localhost"})),
                Map.entry("needs 'security: LDAPS'", settings("urls", new String[] {"ldaps://localhost"})),
                Map.entry("needs ldaps://", settings("security", "LDAPS")),
                Map.entry("STARTTLS, LDAPS or PLAIN", settings("security", "NONE")),
                Map.entry("NoSuchFileException", settings("trust_file", none.toString())),
                Map.entry("'trust_file' cannot be read", settings("trust_file", empty.toString())),
                Map.entry("'user_base' must not be empty", settings("user_base", "")),
                Map.entry("'user_base' must hold a DN", settings("user_base", "people")),
                Map.entry("must be a filter", settings("user_filter", "(uid={0}")),
                Map.entry("must hold {0}", settings("user_filter", "(uid=alice)")),
                Map.entry("without *", settings("user_filter", "(uid={0}*)")),
                Map.entry("'bind_dn' needs 'bind_password'", settings("bind_password", "")),
                Map.entry("and only one", settings("tenant_attribute", "o", "tenant", Fixture.TENANT)),
                Map.entry("needs 'tenants'", settings("tenant_attribute", "o")),
                Map.entry("must not list the root tenant", settings("tenant_attribute", "o", "tenants", new String[] {root})),
                Map.entry("'tenant' must hold UUIDs", settings("tenant", "acme")),
                Map.entry("'group_filter' needs 'group_base'", settings("group_filter", "(member={0})")),
                Map.entry("'group_names'", settings("group_names", new String[] {"admins"})),
                Map.entry("'name_attribute' must be the name of an attribute", settings("name_attribute", "*")));
        wrong.forEach((words, settings) -> {
            settings.putIfAbsent("urls", new String[] {"ldap://localhost:1"});
            LdapPasswordWorker worker = fixture.worker(settings);
            assertThat(worker.health().state()).as(words).isEqualTo(State.DEGRADED);
            assertThat(worker.health().reason()).contains(words).doesNotContain("secret@");
            assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
        });
    }

    @Test
    void refusesWithoutAnyServer() {
        LdapPasswordWorker worker = fixture.worker(settings("urls", new String[] {"ldap://localhost:1"}));
        assertThat(login(worker, "alice", "")).isEqualTo(new Refused(WRONG));
        assertUndecided(worker);
    }
}
