// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static io.hyperspot.security.ldap.Fixture.LATER;
import static io.hyperspot.security.ldap.Fixture.WRONG;
import static io.hyperspot.security.ldap.Fixture.identity;
import static io.hyperspot.security.ldap.Fixture.login;
import static io.hyperspot.security.ldap.Fixture.settings;
import static io.hyperspot.security.ldap.TestDirectory.ALICE;
import static io.hyperspot.security.ldap.TestDirectory.ALICE_PASSWORD;
import static io.hyperspot.security.ldap.TestDirectory.GROUPS;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GroupsTest {
    private final Fixture fixture = new Fixture();
    private TestDirectory directory;

    @BeforeEach
    void start() throws Exception {
        directory = new TestDirectory(null, null, 0);
    }

    @AfterEach
    void stop() {
        fixture.close();
        directory.close();
    }

    private LdapPasswordWorker worker(Object... more) {
        Map<String, Object> all = new HashMap<>(settings(more));
        all.put("urls", new String[] {directory.url()});
        all.put("security", "PLAIN");
        return fixture.worker(all);
    }

    private List<String> groups(Object... more) {
        return identity(worker(more), "alice", ALICE_PASSWORD).groups();
    }

    private void memberOf(String dn, String... groups) throws LDAPException {
        directory.server.modify(dn, new Modification(ModificationType.REPLACE, "memberOf", groups));
    }

    @Test
    void namesGroupsBelowTheBaseOnly() throws Exception {
        memberOf(
                ALICE,
                "cn=staff," + GROUPS,
                "CN=Night Shift,ou=berlin," + GROUPS.toUpperCase(java.util.Locale.ROOT),
                // whoever may create groups elsewhere gains nothing by a name
                "cn=admins,ou=elsewhere," + TestDirectory.BASE,
                "cn=admins,ou=groups",
                "uid=admins," + GROUPS,
                GROUPS,
                "no DN at all",
                "cn=two+ou=names," + GROUPS,
                // to a directory the same as the first
                "cn=\\20staff," + GROUPS,
                "cn=tab\\09," + GROUPS,
                "cn=staff\\00," + GROUPS);
        assertThat(groups("group_base", GROUPS)).containsExactly("staff", "Night Shift");
        assertThat(groups("group_base", GROUPS, "groups_prefix", "acme-")).containsExactly("acme-staff", "acme-Night Shift");
        assertThat(groups()).as("without a base nothing counts by its name").isEmpty();
        assertThat(groups("group_base", GROUPS, "groups_attribute", "")).isEmpty();
    }

    @Test
    void callsGroupsAsTheConfigurationDoes() throws Exception {
        memberOf(ALICE, "cn=staff," + GROUPS, "cn=admins, ou=elsewhere, " + TestDirectory.BASE);
        String[] names = {"operators=CN=admins,OU=elsewhere," + TestDirectory.BASE, "crew=cn=staff," + GROUPS};
        assertThat(groups("group_names", names)).containsExactlyInAnyOrder("operators", "crew");
        assertThat(groups("group_names", names, "group_base", GROUPS)).containsExactlyInAnyOrder("operators", "crew");
    }

    @Test
    void followsGroupsWithinGroupsAsFarAsConfigured() throws Exception {
        for (String name : List.of("a", "b", "c", "d")) {
            directory.group(name);
        }
        memberOf(ALICE, "cn=a," + GROUPS);
        memberOf("cn=a," + GROUPS, "cn=b," + GROUPS, "cn=gone," + GROUPS);
        memberOf("cn=b," + GROUPS, "cn=c," + GROUPS, "cn=a," + GROUPS);
        memberOf("cn=c," + GROUPS, "cn=d," + GROUPS, "cn=c," + GROUPS);
        memberOf("cn=d," + GROUPS, "cn=a," + GROUPS);
        assertThat(groups("group_base", GROUPS)).containsExactly("a");
        assertThat(groups("group_base", GROUPS, "group_depth", 1)).containsExactlyInAnyOrder("a", "b", "gone");
        assertThat(groups("group_base", GROUPS, "group_depth", 2)).containsExactlyInAnyOrder("a", "b", "gone", "c");
        assertThat(groups("group_base", GROUPS, "group_depth", 10)).containsExactlyInAnyOrder("a", "b", "gone", "c", "d");
    }

    @Test
    void looksGroupsUp() throws Exception {
        String staff = directory.group("staff", ALICE);
        String all = directory.group("all", staff, "uid=bob," + TestDirectory.PEOPLE);
        directory.group("everything", all, staff);
        directory.group("others", "uid=bob," + TestDirectory.PEOPLE);
        Object[] search = {"group_base", GROUPS, "group_filter", "(&(objectClass=groupOfNames)(member={0}))"};
        assertThat(groups(search)).containsExactly("staff");
        List<Object> deep = new java.util.ArrayList<>(List.of(search));
        deep.addAll(List.of("group_depth", 5));
        assertThat(groups(deep.toArray())).containsExactlyInAnyOrder("staff", "all", "everything");
    }

    @Test
    void looksGroupsUpByAnotherAttribute() throws Exception {
        directory.server.add(
                "cn=posix," + GROUPS,
                new Attribute("objectClass", "posixGroup"),
                new Attribute("cn", "posix"),
                new Attribute("memberUid", "alice", "a*b"));
        directory.person("a*b", "p");
        directory.person("axb", "p");
        LdapPasswordWorker worker = worker("group_base", GROUPS, "group_filter", "(memberUid={0})", "group_member", "uid");
        assertThat(identity(worker, "alice", ALICE_PASSWORD).groups()).containsExactly("posix");
        assertThat(identity(worker, "a*b", "p").groups()).containsExactly("posix");
        assertThat(identity(worker, "axb", "p").groups()).isEmpty();
    }

    /** A person's entry that is called like a filter finds its own groups (RFC 4515, section 3). */
    @Test
    void readsNothingIntoADn() throws Exception {
        directory.person("x)(|(member=*", "p");
        directory.group("admins", ALICE);
        directory.group("mine", "uid=x)(|(member=*," + TestDirectory.PEOPLE);
        LdapPasswordWorker worker = worker("group_base", GROUPS, "group_filter", "(member={0})");
        assertThat(identity(worker, "x)(|(member=*", "p").groups()).containsExactly("mine");
    }

    /** A part of the groups would be other rights than all of them. */
    @Test
    void refusesWhoIsInTooMany() throws Exception {
        String[] many = new String[6];
        for (int i = 0; i < many.length; i++) {
            many[i] = directory.group("g" + i, ALICE);
        }
        memberOf(ALICE, many);
        Object[][] ways = {{"group_base", GROUPS}, {"group_base", GROUPS, "group_filter", "(member={0})"}};
        for (Object[] way : ways) {
            List<Object> few = new java.util.ArrayList<>(List.of(way));
            few.addAll(List.of("max_groups", 5));
            assertThat(login(worker(few.toArray()), "alice", ALICE_PASSWORD)).isEqualTo(new Refused(WRONG));
            few.set(few.size() - 1, 6);
            assertThat(groups(few.toArray())).hasSize(6);
        }
    }

    /** Active Directory gives 1500 values, and says so in the attribute's name (MS-ADTS, 3.1.1.3.1.3.3). */
    @Test
    void refusesWhenOnlyAPartOfTheGroupsComes() throws Exception {
        directory.person("bob", "p", new Attribute("memberOf;range=0-1499", "cn=staff," + GROUPS));
        assertThat(login(worker("group_base", GROUPS), "bob", "p")).isEqualTo(new Refused(WRONG));
    }

    @Test
    void decidesNothingWhenGroupsCannotBeLookedUp() throws Exception {
        directory.onSearch = filter -> {
            if (filter.contains("member")) {
                throw new LDAPException(ResultCode.INSUFFICIENT_ACCESS_RIGHTS);
            }
        };
        LdapPasswordWorker worker = worker("group_base", GROUPS, "group_filter", "(member={0})");
        assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
        assertThat(login(worker, "alice", "wrong")).isEqualTo(new Refused(WRONG));
    }
}
