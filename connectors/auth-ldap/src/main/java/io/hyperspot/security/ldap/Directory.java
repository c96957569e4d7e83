// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.ldap.Person.UnusableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One directory: looks people up with an account of this server, and checks their passwords on other
 * connections, so that nothing is ever read as somebody who logs in. Thread-safe.
 */
final class Directory implements AutoCloseable {
    /** A directory locks accounts out: a password that it refused is not sent again at each login. */
    private static final Duration ACCOUNT_PAUSE = Duration.ofSeconds(30);

    private final LdapSettings settings;
    private final ConfiguredSecret account;
    private final DirectoryHealth health;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Servers servers;
    private final ConnectionPool reading;
    private final ConnectionPool checking;
    private final GroupSearch groups;
    private volatile @Nullable Long accountRefusedAt;

    Directory(
            LdapSettings settings,
            @Nullable SSLContext tls,
            ConfiguredSecret account,
            DirectoryHealth health,
            LongSupplier nanos) {
        this.settings = settings;
        this.account = account;
        this.health = health;
        this.nanos = nanos;
        this.servers = new Servers(settings, tls);
        this.reading = new ConnectionPool(this::openAccount, servers, settings.limits(), nanos);
        this.checking = new ConnectionPool(servers::connect, servers, settings.limits(), nanos);
        this.groups = new GroupSearch(reading, settings);
    }

    private LDAPConnection openAccount() throws DirectoryException {
        if (settings.bindDn().isEmpty()) {
            return servers.connect();
        }
        Long refusedAt = accountRefusedAt;
        if (refusedAt != null && nanos.getAsLong() - refusedAt < ACCOUNT_PAUSE.toNanos()) {
            throw new DirectoryException("this server's account was refused a moment ago", null);
        }
        String secret;
        try {
            secret = account.reveal();
        } catch (ProblemException e) {
            throw new DirectoryException("the password of 'bind_dn' cannot be read: " + e.detail(), e);
        }
        PasswordBytes password = PasswordBytes.of(secret.toCharArray())
                .orElseThrow(() -> new DirectoryException("the password of 'bind_dn' is empty, or holds what no password holds", null));
        LDAPConnection connection = servers.connect();
        boolean bound = false;
        try (password) {
            connection.bind(password.bindAs(settings.bindDn()));
            bound = true;
            accountRefusedAt = null;
            health.account(false);
            return connection;
        } catch (LDAPException e) {
            if (e.getResultCode().isConnectionUsable()) {
                accountRefusedAt = nanos.getAsLong();
                health.account(true);
            } else {
                servers.passOver(connection);
            }
            throw DirectoryException.of("this server's account was not let in", e);
        } finally {
            if (!bound) {
                connection.close();
            }
        }
    }

    /** Up to two entries that a name could mean. */
    List<? extends Entry> find(TypedName name) throws DirectoryException {
        List<String> attributes = new ArrayList<>(groups.attributes());
        attributes.addAll(List.of(settings.subjectAttribute(), settings.nameAttribute(), "cn", settings.tenants().attribute()));
        attributes.removeIf(String::isEmpty);
        SearchRequest request = new SearchRequest(
                settings.userBase().toString(),
                SearchScope.SUB,
                DereferencePolicy.NEVER,
                2,
                Math.toIntExact(settings.limits().timeout().toSeconds()),
                false,
                settings.userFilter().with(name.text()),
                attributes.toArray(String[]::new));
        try {
            return reading.call(connection -> connection.search(request)).getSearchEntries();
        } catch (LDAPSearchException e) {
            if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED) && e.getSearchEntries() != null) {
                return e.getSearchEntries();
            }
            throw DirectoryException.of("people cannot be looked up", e);
        } catch (LDAPException e) {
            throw DirectoryException.of("people cannot be looked up", e);
        }
    }

    BindAnswer check(Entry person, PasswordBytes password) throws DirectoryException {
        if (!isPerson(person.getDN())) {
            checkInVain(password.length());
            return new BindAnswer(false, "an entry that is not below 'user_base'");
        }
        return bind(password.bindAs(person.getDN()));
    }

    /** Without a DN a bind is an anonymous one, which succeeds with every password (RFC 4513, section 5.1.1). */
    private boolean isPerson(String dn) {
        try {
            return new DN(dn).isDescendantOf(settings.userBase(), true);
        } catch (LDAPException e) {
            return false;
        }
    }

    /** Takes the way of a wrong password for nobody. */
    void checkInVain(int length) throws DirectoryException {
        byte[] noise = new byte[Math.max(1, length)];
        byte[] name = new byte[16];
        random.nextBytes(name);
        random.nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ('a' + Math.floorMod(noise[i], 26));
        }
        DN nobody = new DN(new RDN("uid", HexFormat.of().formatHex(name)), settings.userBase());
        bind(PasswordBytes.bindInVain(nobody.toString(), noise));
    }

    private BindAnswer bind(SimpleBindRequest request) throws DirectoryException {
        try {
            BindResult result = checking.call(connection -> connection.bind(request));
            return BindAnswer.of(result);
        } catch (LDAPException e) {
            BindAnswer answer = BindAnswer.of(e);
            if (answer == null) {
                throw DirectoryException.of("a password could not be checked", e);
            }
            return answer;
        }
    }

    List<String> groups(Entry person) throws UnusableException, DirectoryException {
        try {
            return groups.of(person);
        } catch (LDAPException e) {
            throw DirectoryException.of("groups cannot be looked up", e);
        }
    }

    @Override
    public void close() {
        reading.close();
        checking.close();
    }
}
