// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchEntry;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindResult;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ReadOnlyEntry;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A directory on this machine that checks what it is asked, with StartTLS and LDAPS. */
final class TestDirectory extends InMemoryOperationInterceptor implements AutoCloseable {
    static final String BASE = "dc=example,dc=com";
    static final String PEOPLE = "ou=people," + BASE;
    static final String GROUPS = "ou=groups," + BASE;
    static final String READER = "cn=reader,ou=services," + BASE;
    static final String READER_PASSWORD = "reader-secret";
    static final String ALICE = "uid=alice," + PEOPLE;
    static final String ALICE_PASSWORD = "correct horse";

    /** Decides about binds of people. */
    @FunctionalInterface
    interface OnBind {
        void bind(String dn) throws LDAPException;
    }

    /** Changes answers to binds. */
    @FunctionalInterface
    interface OnBound {
        void bound(InMemoryInterceptedSimpleBindResult result);
    }

    /** Changes entries that are found. */
    @FunctionalInterface
    interface OnFound {
        Entry found(Entry entry);
    }

    final Queue<String> binds = new ConcurrentLinkedQueue<>();
    final Queue<String> searches = new ConcurrentLinkedQueue<>();
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    volatile OnBind onBind = dn -> {};
    volatile OnBound onBound = result -> {};
    volatile OnBind onSearch = filter -> {};
    volatile OnFound onFound = entry -> entry;
    final InMemoryDirectoryServer server;

    /**
     * @param startTls null: it does not do it
     */
    TestDirectory(@Nullable SSLContext startTls, @Nullable SSLContext ldaps, int port) throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setSchema(null);
        config.addInMemoryOperationInterceptor(this);
        InetAddress here = InetAddress.getLoopbackAddress();
        InMemoryListenerConfig plain = InMemoryListenerConfig.createLDAPConfig(
                "plain", here, port, startTls == null ? null : startTls.getSocketFactory());
        if (ldaps == null) {
            config.setListenerConfigs(plain);
        } else {
            config.setListenerConfigs(
                    plain,
                    InMemoryListenerConfig.createLDAPSConfig(
                            "tls", here, 0, ldaps.getServerSocketFactory(), ldaps.getSocketFactory()));
        }
        server = new InMemoryDirectoryServer(config);
        fill();
        server.startListening();
    }

    private void fill() throws LDAPException {
        server.add(BASE, new Attribute("objectClass", "domain"), new Attribute("dc", "example"));
        for (String unit : List.of("people", "groups", "services", "elsewhere")) {
            server.add("ou=" + unit + "," + BASE, new Attribute("objectClass", "organizationalUnit"), new Attribute("ou", unit));
        }
        server.add(READER, new Attribute("objectClass", "applicationProcess"), new Attribute("userPassword", READER_PASSWORD));
        person("alice", ALICE_PASSWORD, new Attribute("displayName", "Alice Example"));
    }

    void person(String uid, String password, Attribute... more) throws LDAPException {
        Entry entry = new Entry(new com.unboundid.ldap.sdk.DN(
                new com.unboundid.ldap.sdk.RDN("uid", uid), new com.unboundid.ldap.sdk.DN(PEOPLE)));
        entry.addAttribute("objectClass", "inetOrgPerson");
        entry.addAttribute("uid", uid);
        entry.addAttribute("cn", "cn of " + uid);
        entry.addAttribute("userPassword", password);
        for (Attribute each : more) {
            entry.addAttribute(each);
        }
        server.add(entry);
    }

    /** Of these members, below ou=groups. */
    String group(String name, String... members) throws LDAPException {
        String dn = "cn=" + name + "," + GROUPS;
        Entry entry = new Entry(dn);
        entry.addAttribute("objectClass", "groupOfNames");
        entry.addAttribute("cn", name);
        if (members.length > 0) {
            entry.addAttribute("member", members);
        }
        server.add(entry);
        return dn;
    }

    int port() {
        return server.getListenPort("plain");
    }

    String url() {
        return "ldap://localhost:" + port();
    }

    String ldapsUrl() {
        return "ldaps://localhost:" + server.getListenPort("tls");
    }

    @Override
    public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) throws LDAPException {
        String dn = request.getRequest().getBindDN();
        binds.add(dn);
        if (!dn.equals(READER)) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                onBind.bind(dn);
            } finally {
                atOnce.decrementAndGet();
            }
        }
    }

    @Override
    public void processSimpleBindResult(InMemoryInterceptedSimpleBindResult result) {
        if (!result.getRequest().getBindDN().equals(READER)) {
            onBound.bound(result);
        }
    }

    @Override
    public void processSearchRequest(InMemoryInterceptedSearchRequest request) throws LDAPException {
        String filter = request.getRequest().getFilter().toString();
        searches.add(filter);
        onSearch.bind(filter);
    }

    @Override
    public void processSearchEntry(InMemoryInterceptedSearchEntry entry) {
        entry.setSearchEntry(new ReadOnlyEntry(onFound.found(entry.getSearchEntry())));
    }

    /** What was asked, of whatever kind. */
    int asked() {
        return binds.size() + searches.size();
    }

    void kill() {
        server.shutDown(true);
    }

    @Override
    public void close() {
        kill();
    }
}
