// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static io.hyperspot.security.ldap.Fixture.LATER;
import static io.hyperspot.security.ldap.Fixture.WRONG;
import static io.hyperspot.security.ldap.Fixture.attempt;
import static io.hyperspot.security.ldap.Fixture.identity;
import static io.hyperspot.security.ldap.Fixture.login;
import static io.hyperspot.security.ldap.Fixture.settings;
import static io.hyperspot.security.ldap.TestDirectory.ALICE_PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.PasswordExpiredControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.PasswordWorker.Attempt;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
final class LoginTest {
    @TempDir
    private static Path folder;

    private static TestCertificate certificate;

    private final Fixture fixture = new Fixture();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.hyperspot.security.ldap");
    private TestDirectory directory;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = new TestCertificate(folder, "dns:localhost,ip:127.0.0.1");
    }

    @BeforeEach
    void start() throws Exception {
        directory = new TestDirectory(certificate.context(), certificate.context(), 0);
        logger.setLevel(Level.DEBUG);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
        logger.setLevel(null);
        fixture.close();
        directory.close();
    }

    private LdapPasswordWorker worker(Object... more) throws Exception {
        Map<String, Object> all = new HashMap<>();
        all.put("urls", new String[] {directory.url()});
        all.put("trust_file", certificate.pem().toString());
        all.putAll(settings(more));
        return fixture.worker(all);
    }

    private String log() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent each : List.copyOf(logged.list)) {
            text.append(each.getFormattedMessage()).append('\n');
            for (var cause = each.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                text.append(cause.getMessage()).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void letsInWhoHasThePassword() throws Exception {
        LdapPasswordWorker worker = worker();
        Identity identity = identity(worker, "alice", ALICE_PASSWORD);
        String uuid = directory.server.getEntry(TestDirectory.ALICE, "entryUUID").getAttributeValue("entryUUID");
        assertThat(identity.subject()).isEqualTo("ldap:acme:" + uuid);
        assertThat(identity.name()).isEqualTo("Alice Example");
        assertThat(identity.tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
        assertThat(identity.groups()).isEmpty();
        assertThat(identity.scopes()).containsExactly(Permission.ALL);
        assertThat(worker.provider()).isEqualTo("acme");
        assertThat(worker.name()).isEqualTo("auth-ldap-acme");
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void letsInByLdaps() throws Exception {
        LdapPasswordWorker worker = worker("security", "LDAPS", "urls", new String[] {directory.ldapsUrl()});
        assertThat(identity(worker, "alice", ALICE_PASSWORD).name()).isEqualTo("Alice Example");
        assertThat(login(worker, "alice", "wrong")).isEqualTo(new Refused(WRONG));
    }

    @Test
    void takesAnAddressThatTheCertificateNamesAndAPkcs12() throws Exception {
        LdapPasswordWorker worker = worker(
                "security", "LDAPS",
                "urls", new String[] {directory.ldapsUrl().replace("localhost", "127.0.0.1")},
                "trust_file", certificate.trustStore().toString(),
                "trust_password", TestCertificate.PASSWORD);
        identity(worker, "alice", ALICE_PASSWORD);
    }

    @Test
    void saysTheSameOfAWrongPasswordAndOfANameThatNobodyHas() throws Exception {
        LdapPasswordWorker worker = worker();
        assertThat(login(worker, "alice", "wrong")).isEqualTo(new Refused(WRONG));
        assertThat(directory.binds).containsExactly(TestDirectory.READER, TestDirectory.ALICE);
        directory.binds.clear();
        assertThat(login(worker, "nobody", "wrong")).isEqualTo(new Refused(WRONG));
        assertThat(directory.binds)
                .as("a bind in vain takes its time too")
                .singleElement()
                .asString()
                .matches("uid=[0-9a-f]{32}," + TestDirectory.PEOPLE);
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void takesAsLongForEveryRefusal() throws Exception {
        LdapPasswordWorker worker = worker("refusal_millis", 400);
        identity(worker, "alice", ALICE_PASSWORD);
        for (Attempt each : List.of(attempt("alice", "wrong"), attempt("nobody", "wrong"), attempt("alice\0", "wrong"), attempt("alice", ""))) {
            long begun = System.nanoTime();
            assertThat(worker.check(each)).isEqualTo(new Refused(WRONG));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        }
    }

    /** RFC 4513, section 5.1.2: a server takes such a bind for an anonymous one, and says success; also CVE-2018-1000134. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0secret", "correct horse\0", "\ud800"})
    void asksNothingForAPasswordThatIsNone(String password) throws Exception {
        directory.onBound = result -> result.setResult(new BindResult(new LDAPResult(1, ResultCode.SUCCESS)));
        LdapPasswordWorker worker = worker();
        assertThat(login(worker, "alice", password)).isEqualTo(new Refused(WRONG));
        assertThat(directory.asked()).isZero();
    }

    /** RFC 4515, section 3, CWE-90, CVE-2017-14596: parts of filters that come with a name. */
    @ParameterizedTest
    @ValueSource(strings = {
        "*", "a*", "*alice", "alice)(uid=*", "*)(uid=*", "*)(objectClass=*)", "alice)(|(uid=*", "*))(|(uid=*", "alice)", "(alice", ")(cn=*))\\00",
        "\\2a", "\\61lice", "alice\\", "alice)(&)", "!(uid=nobody)", "|(uid=*)", "{0}", "alice,ou=people", "uid=alice,ou=people,dc=example,dc=com"
    })
    void readsNothingIntoAName(String name) throws Exception {
        LdapPasswordWorker worker = worker();
        assertThat(login(worker, name, ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
        assertThat(directory.binds).doesNotContain(TestDirectory.ALICE);
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*b", "a(b)c", "back\\slash", "o'brien", "smith, john", "x=y", "{0}", "#1", "jörg", "李雷", "Иванов", "anna maria"})
    void knowsPeopleOfStrangeNames(String name) throws Exception {
        directory.person(name, "their password");
        assertThat(identity(worker(), name, "their password").name()).isEqualTo("cn of " + name);
        assertThat(login(worker(), name, "wrong")).isEqualTo(new Refused(WRONG));
    }

    /** What people cannot tell apart from another name, or what ends or breaks a text somewhere, is not asked. */
    @ParameterizedTest
    @MethodSource("oddNames")
    void asksNothingForAnOddName(String name) throws Exception {
        assertThat(login(worker(), name, ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
        assertThat(directory.asked()).isZero();
    }

    static List<String> oddNames() {
        return List.of(
                "\0", "alice\0", "alice\0)(uid=*", "al\nice", "alice\u0007", "alice\u007f", "alice\u0085", "   ",
                "alice\u200b", "alice\u202e", "\ufeffalice", "al\u00adice", "alice\ufe0f", "alice\u115f", "\ud800", "alice\udc00",
                "аlice", "alicе", "аӏе", "ａｌｉｃｅ", "ﬁona", "alice²", "a".repeat(257), "a".repeat(100_000));
    }

    @Test
    void takesADecomposedNameForTheSame() throws Exception {
        directory.person("jörg", "their password");
        identity(worker(), "jo\u0308rg", "their password");
    }

    @Test
    void refusesANameThatCouldMeanTwo() throws Exception {
        directory.person("bob", "first", new Attribute("mail", "bob@example.com"));
        directory.person("bobby", "second", new Attribute("mail", "bob@example.com"));
        LdapPasswordWorker worker = worker("user_filter", "(|(uid={0})(mail={0}))");
        assertThat(login(worker, "bob@example.com", "first")).isEqualTo(new Refused(WRONG));
        assertThat(login(worker, "bob@example.com", "second")).isEqualTo(new Refused(WRONG));
        assertThat(directory.binds).noneMatch(dn -> dn.startsWith("uid=bob"));
        identity(worker, "bob", "first");
        assertThat(log()).contains("more than one entry matches").doesNotContain("bob");
    }

    @Test
    void knowsActiveDirectorysBinaryIdentity() throws Exception {
        byte[] guid = {
            0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, (byte) 0x88, (byte) 0x99, (byte) 0xaa, (byte) 0xbb, (byte) 0xcc, (byte) 0xdd,
            (byte) 0xee, (byte) 0xff
        };
        directory.person("carol", "their password", new Attribute("sAMAccountName", "CAROL"), new Attribute("objectGUID", guid));
        LdapPasswordWorker worker =
                worker("user_filter", "(&(objectClass=inetOrgPerson)(sAMAccountName={0}))", "subject_attribute", "objectGUID");
        assertThat(identity(worker, "carol", "their password").subject())
                .isEqualTo("ldap:acme:00112233-4455-6677-8899-aabbccddeeff");
    }

    @Test
    void refusesWhoHasNoIdentity() throws Exception {
        directory.person("dave", "their password", new Attribute("employeeNumber", "1", "2"));
        LdapPasswordWorker worker = worker("subject_attribute", "employeeNumber");
        assertThat(login(worker, "dave", "their password")).isEqualTo(new Refused(WRONG));
        assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
        assertThat(log()).contains("no usable employeeNumber").doesNotContain("dave");
    }

    /** Who may write an attribute must not choose a tenant by it (CWE-915). */
    @Test
    void takesATenantOnlyFromTheList() throws Exception {
        String other = "0192f0c1-2345-7000-8000-00000000000b";
        directory.person("eve", "p", new Attribute("o", Fixture.TENANT));
        directory.person("frank", "p", new Attribute("o", other));
        directory.person("grace", "p", new Attribute("o", TenantId.ROOT.toString()));
        directory.person("heidi", "p", new Attribute("o", Fixture.TENANT, other));
        directory.person("ivan", "p", new Attribute("o", "1-1-1-1-1"));
        directory.person("judy", "p");
        directory.person("ken", "p", new Attribute("o", Fixture.TENANT.toUpperCase(java.util.Locale.ROOT)));
        LdapPasswordWorker worker = worker("tenant_attribute", "o", "tenants", new String[] {Fixture.TENANT});
        assertThat(identity(worker, "eve", "p").tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
        assertThat(identity(worker, "ken", "p").tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
        for (String name : List.of("frank", "grace", "heidi", "ivan", "judy")) {
            assertThat(login(worker, name, "p")).as(name).isEqualTo(new Refused(WRONG));
        }
        assertThat(log()).doesNotContain("frank", "grace", "heidi");
    }

    @ParameterizedTest
    @CsvSource({
        "525, no such user", "52e, wrong password", "530, not at this time", "532, password expired", "533, account disabled",
        "701, account expired", "773, password must be changed", "775, account locked", "9999, data 9999"
    })
    void saysNothingOfWhatActiveDirectoryTells(String data, String reason) throws Exception {
        directory.onBind = dn -> {
            throw new LDAPException(
                    ResultCode.INVALID_CREDENTIALS,
                    "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error of alice, data " + data + ", v4563");
        };
        LdapPasswordWorker worker = worker();
        assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
        assertThat(log()).contains("was refused: " + reason).doesNotContain("alice", ALICE_PASSWORD);
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNWILLING_TO_PERFORM", "CONSTRAINT_VIOLATION", "INAPPROPRIATE_AUTHENTICATION", "INSUFFICIENT_ACCESS_RIGHTS", "NO_SUCH_OBJECT"})
    void refusesWhomTheDirectoryRefusesInOtherWords(String code) throws Exception {
        ResultCode result = (ResultCode) ResultCode.class.getField(code).get(null);
        directory.onBind = dn -> {
            throw new LDAPException(result, "account inactivated. Contact system administrator");
        };
        assertThat(login(worker(), "alice", ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BUSY", "UNAVAILABLE", "OPERATIONS_ERROR", "CONFIDENTIALITY_REQUIRED", "REFERRAL", "PROTOCOL_ERROR", "OTHER"})
    void decidesNothingWhenTheServerDoesNot(String code) throws Exception {
        ResultCode result = (ResultCode) ResultCode.class.getField(code).get(null);
        directory.onBind = dn -> {
            throw new LDAPException(result, "alice");
        };
        LdapPasswordWorker worker = worker();
        assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(log()).doesNotContain("alice", ALICE_PASSWORD, TestDirectory.READER_PASSWORD);
        directory.onBind = dn -> {};
        identity(worker, "alice", ALICE_PASSWORD);
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    /** A success by which nothing can be done but to choose another password. */
    @Test
    void refusesWhoMustChangeThePassword() throws Exception {
        List<Control> controls = List.of(
                new DraftBeheraLDAPPasswordPolicy10ResponseControl(
                        null, -1, DraftBeheraLDAPPasswordPolicy10ErrorType.CHANGE_AFTER_RESET),
                new PasswordExpiredControl());
        for (Control control : controls) {
            directory.onBound = result -> result.setResult(
                    new BindResult(new LDAPResult(result.getMessageID(), ResultCode.SUCCESS, null, null, (String[]) null, new Control[] {control})));
            assertThat(login(worker(), "alice", ALICE_PASSWORD)).as(control.getOID()).isEqualTo(new Refused(WRONG));
        }
        assertThat(log()).contains("change after reset", "password must be changed");
    }

    @Test
    void keepsNamesAndPasswordsOutOfLogsAndTexts() throws Exception {
        LdapPasswordWorker worker = worker();
        identity(worker, "alice", ALICE_PASSWORD);
        login(worker, "alice", "another secret");
        login(worker, "malory", "another secret");
        directory.kill();
        login(worker, "alice", ALICE_PASSWORD);
        assertThat(log() + worker + worker.health())
                .isNotBlank()
                .doesNotContain("alice", "malory", ALICE_PASSWORD, "another secret", TestDirectory.READER_PASSWORD);
    }

    @Test
    void leavesThePasswordToTheCaller() throws Exception {
        Attempt attempt = attempt("alice", ALICE_PASSWORD);
        worker().check(attempt);
        assertThat(attempt.password()).isEqualTo(ALICE_PASSWORD.toCharArray());
        PasswordBytes bytes = PasswordBytes.of("secret".toCharArray()).orElseThrow();
        bytes.close();
        assertThat(bytes.length()).isEqualTo(6);
        assertThat(bytes).hasToString("PasswordBytes[***]");
    }

    @Test
    void readsAnonymouslyWhenThereIsNoAccount() throws Exception {
        identity(worker("bind_dn", "", "bind_password", ""), "alice", ALICE_PASSWORD);
        assertThat(directory.binds).containsExactly(TestDirectory.ALICE);
    }

    /** Whoever may write an entry would otherwise choose where this server sends its account's password, or a person's (CWE-918). */
    @Test
    void followsNoReferral() throws Exception {
        try (Tap elsewhere = new Tap(directory.port())) {
            directory.server.add(
                    "ou=other," + TestDirectory.PEOPLE,
                    new Attribute("objectClass", "referral"),
                    new Attribute("ou", "other"),
                    new Attribute("ref", elsewhere.url() + "/" + TestDirectory.PEOPLE));
            LdapPasswordWorker worker = worker();
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(login(worker, "nobody", ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
            String whole = "ou=other," + TestDirectory.PEOPLE;
            assertThat(login(worker("user_base", whole), "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
            assertThat(elsewhere.connections).hasValue(0);
        }
    }

    /** An entry without a DN, which a bind would take for nobody, is nobody (RFC 4513, section 5.1.1). */
    @Test
    void bindsBelowTheBaseOnly() throws Exception {
        directory.onFound = entry -> new Entry("", entry.getAttributes());
        assertThat(login(worker(), "alice", "anything")).isEqualTo(new Refused(WRONG));
        directory.onFound = entry -> new Entry(TestDirectory.READER, entry.getAttributes());
        assertThat(login(worker(), "alice", TestDirectory.READER_PASSWORD)).isEqualTo(new Refused(WRONG));
        assertThat(directory.binds).doesNotContain("").filteredOn(TestDirectory.READER::equals).hasSize(2);
    }
}
