// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static io.hyperspot.security.ldap.Fixture.LATER;
import static io.hyperspot.security.ldap.Fixture.WRONG;
import static io.hyperspot.security.ldap.Fixture.identity;
import static io.hyperspot.security.ldap.Fixture.login;
import static io.hyperspot.security.ldap.Fixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against OpenLDAP, where there is one. */
@Timeout(90)
final class SlapdTest {
    @TempDir
    private static Path folder;

    private static TestCertificate certificate;
    private static Slapd slapd;

    private final Fixture fixture = new Fixture();

    @BeforeAll
    static void start() throws Exception {
        String binary = Slapd.binary().orElse("");
        assumeTrue(!binary.isEmpty(), "there is no slapd on this machine");
        certificate = new TestCertificate(folder, "dns:localhost");
        slapd = new Slapd(binary, Files.createDirectory(folder.resolve("slapd")), certificate);
        slapd.add(certificate, Stream.concat(
                        Stream.of("""
                dn: dc=example,dc=com
                objectClass: domain
                dc: example
                """, """
                dn: ou=people,dc=example,dc=com
                objectClass: organizationalUnit
                ou: people
                """, """
                dn: ou=groups,dc=example,dc=com
                objectClass: organizationalUnit
                ou: groups
                """, """
                dn: cn=policy,dc=example,dc=com
                objectClass: device
                objectClass: pwdPolicy
                cn: policy
                pwdAttribute: userPassword
                pwdLockout: TRUE
                pwdMaxFailure: 3
                pwdMustChange: TRUE
                """),
                        Stream.concat(Stream.of("alice", "bob", "carol", "dave", "erin").map(SlapdTest::person), Stream.of("""
                dn: cn=staff,ou=groups,dc=example,dc=com
                objectClass: groupOfNames
                cn: staff
                member: uid=alice,ou=people,dc=example,dc=com
                """, """
                dn: cn=all,ou=groups,dc=example,dc=com
                objectClass: groupOfNames
                cn: all
                member: cn=staff,ou=groups,dc=example,dc=com
                """, """
                dn: uid=dave,ou=people,dc=example,dc=com
                changetype: modify
                replace: pwdReset
                pwdReset: TRUE
                -
                """)))
                .toList());
    }

    private static String person(String uid) {
        return """
                dn: uid=%1$s,ou=people,dc=example,dc=com
                objectClass: inetOrgPerson
                uid: %1$s
                cn: %1$s
                sn: %1$s
                displayName: The person %1$s
                userPassword: password of %1$s
                """.formatted(uid);
    }

    @AfterAll
    static void stop() {
        if (slapd != null) {
            slapd.close();
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private LdapPasswordWorker worker(Object... more) throws Exception {
        Map<String, Object> all = new HashMap<>();
        all.put("urls", new String[] {slapd.url()});
        all.put("trust_file", certificate.pem().toString());
        all.put("user_base", Slapd.PEOPLE);
        all.put("bind_dn", Slapd.ROOT);
        all.put("bind_password", Slapd.ROOT_PASSWORD);
        all.putAll(settings(more));
        return fixture.worker(all);
    }

    @Test
    void letsInWhoHasThePasswordWithGroups() throws Exception {
        Object[] groups = {"group_base", Slapd.GROUPS, "group_depth", 3};
        Identity identity = identity(worker(groups), "alice", "password of alice");
        assertThat(identity.subject()).matches("ldap:acme:[0-9a-f-]{36}");
        assertThat(identity.name()).isEqualTo("The person alice");
        assertThat(identity.groups()).as("by the overlay memberof").containsExactlyInAnyOrder("staff", "all");
        Identity again = identity(
                worker("group_base", Slapd.GROUPS, "group_depth", 3, "group_filter", "(member={0})"), "alice", "password of alice");
        assertThat(again).isEqualTo(identity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "*", "a*", "alice)(uid=*", "*)(uid=*", "alice)", "\\2a", "\0", "alice\0", ""})
    void refusesWhoIsNobody(String name) throws Exception {
        assertThat(login(worker(), name, "password of alice")).isEqualTo(new Refused(WRONG));
    }

    @Test
    void refusesAnEmptyPassword() throws Exception {
        assertThat(login(worker(), "alice", "")).isEqualTo(new Refused(WRONG));
    }

    @Test
    void refusesWhoIsLockedInTheSameWords() throws Exception {
        LdapPasswordWorker worker = worker();
        identity(worker, "carol", "password of carol");
        for (int i = 0; i < 3; i++) {
            assertThat(login(worker, "carol", "wrong")).isEqualTo(new Refused(WRONG));
        }
        assertThat(login(worker, "carol", "password of carol")).isEqualTo(new Refused(WRONG));
        identity(worker, "bob", "password of bob");
    }

    @Test
    void refusesWhoMustChangeThePassword() throws Exception {
        assertThat(login(worker(), "dave", "password of dave")).isEqualTo(new Refused(WRONG));
    }

    @Test
    void decidesNothingWhenAPlainBindIsRefused() throws Exception {
        LdapPasswordWorker worker = worker("security", "PLAIN");
        assertThat(login(worker, "alice", "password of alice")).isEqualTo(new Undecided(LATER));
    }

    @Test
    void healsWhenTheServerIsBack() throws Exception {
        LdapPasswordWorker worker = worker();
        identity(worker, "erin", "password of erin");
        slapd.kill();
        try {
            assertThat(login(worker, "erin", "password of erin")).isEqualTo(new Undecided(LATER));
        } finally {
            slapd.start();
        }
        identity(worker, "erin", "password of erin");
    }
}
