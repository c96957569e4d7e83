// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.OperationType;
import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.SSLContext;

/** A directory on this machine with StartTLS and LDAPS, in which an account may look people up. */
final class LdapDirectory implements AutoCloseable {
    static final String BASE = "dc=example,dc=com";
    static final String PEOPLE = "ou=people," + BASE;
    static final String GROUPS = "ou=groups," + BASE;
    static final String READER = "cn=reader,ou=services," + BASE;
    static final String READER_PASSWORD = "reader-secret";

    private final InMemoryDirectoryServer server;

    LdapDirectory(TestCertificate certificate) throws Exception {
        SSLContext tls = certificate.context();
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setSchema(null);
        config.setAuthenticationRequiredOperationTypes(OperationType.SEARCH);
        InetAddress here = InetAddress.getLoopbackAddress();
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("plain", here, 0, tls.getSocketFactory()),
                InMemoryListenerConfig.createLDAPSConfig("tls", here, 0, tls.getServerSocketFactory(), tls.getSocketFactory()));
        server = new InMemoryDirectoryServer(config);
        server.add(BASE, new Attribute("objectClass", "domain"), new Attribute("dc", "example"));
        for (String unit : List.of("people", "groups", "services")) {
            server.add("ou=" + unit + "," + BASE, new Attribute("objectClass", "organizationalUnit"), new Attribute("ou", unit));
        }
        server.add(READER, new Attribute("objectClass", "applicationProcess"), new Attribute("userPassword", READER_PASSWORD));
        server.startListening();
    }

    /** Adds a person of an organization. */
    void person(String uid, String password, String organization) throws LDAPException {
        server.add(
                dn(uid),
                new Attribute("objectClass", "inetOrgPerson"),
                new Attribute("uid", uid),
                new Attribute("cn", "Person " + uid),
                new Attribute("o", organization),
                new Attribute("userPassword", password));
    }

    void group(String name, String... uids) throws LDAPException {
        server.add(
                "cn=" + name + "," + GROUPS,
                new Attribute("objectClass", "groupOfNames"),
                new Attribute("cn", name),
                new Attribute("member", List.of(uids).stream().map(LdapDirectory::dn).toList()));
    }

    private static String dn(String uid) {
        return "uid=" + uid + "," + PEOPLE;
    }

    String url() {
        return "ldap://localhost:" + server.getListenPort("plain");
    }

    String ldapsUrl() {
        return "ldaps://localhost:" + server.getListenPort("tls");
    }

    @Override
    public void close() {
        server.shutDown(true);
    }
}
