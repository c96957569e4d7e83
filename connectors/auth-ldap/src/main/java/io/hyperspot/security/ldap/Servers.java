// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the servers of one directory, to the one first that answered last. A connection is given out
 * only when it is as private as configured: there is no falling back. Thread-safe.
 */
final class Servers {
    private static final Logger log = LoggerFactory.getLogger(Servers.class);

    /** More than an entry that is asked for can need. */
    private static final int LONGEST_MESSAGE = 4 << 20;

    private final List<ServerAddress> addresses;
    private final Transport transport;
    private final @Nullable SSLContext tls;
    private final int timeoutMillis;
    private final AtomicInteger preferred = new AtomicInteger();

    Servers(LdapSettings settings, @Nullable SSLContext tls) {
        this.addresses = settings.servers();
        this.transport = settings.transport();
        this.tls = tls;
        this.timeoutMillis = Math.toIntExact(settings.limits().timeout().toMillis());
    }

    /** A new one, of nobody yet. */
    LDAPConnection connect() throws DirectoryException {
        int first = preferred.get();
        DirectoryException failure = null;
        for (int i = 0; i < addresses.size(); i++) {
            int index = Math.floorMod(first + i, addresses.size());
            try {
                LDAPConnection connection = connect(addresses.get(index));
                preferred.set(index);
                return connection;
            } catch (LDAPException e) {
                DirectoryException now = DirectoryException.of(addresses.get(index).toString(), e);
                log.debug("no connection to {}", now.getMessage(), e);
                if (failure != null) {
                    now.addSuppressed(failure);
                }
                failure = now;
            }
        }
        throw failure == null ? new DirectoryException("there is no server", null) : failure;
    }

    /** That one takes connections, but does not serve: the next is asked first. */
    void passOver(LDAPConnection connection) {
        int index = preferred.get();
        ServerAddress address = addresses.get(Math.floorMod(index, addresses.size()));
        if (address.host().equals(connection.getConnectedAddress()) && address.port() == connection.getConnectedPort()) {
            preferred.compareAndSet(index, Math.floorMod(index + 1, addresses.size()));
        }
    }

    private LDAPConnection connect(ServerAddress address) throws LDAPException {
        SSLContext context = tls;
        if (transport == Transport.PLAIN || context == null) {
            if (transport != Transport.PLAIN) {
                throw new LDAPException(ResultCode.LOCAL_ERROR, "TLS is not set up");
            }
            return new LDAPConnection(SocketFactory.getDefault(), options(), address.host(), address.port());
        }
        // a factory of its own, see there
        TlsSockets sockets = new TlsSockets(context.getSocketFactory(), timeoutMillis);
        if (transport == Transport.LDAPS) {
            return new LDAPConnection(sockets, options(), address.host(), address.port());
        }
        LDAPConnection connection = new LDAPConnection(SocketFactory.getDefault(), options(), address.host(), address.port());
        boolean secure = false;
        try {
            ExtendedResult result = connection.processExtendedOperation(new StartTLSExtendedRequest(sockets));
            secure = result.getResultCode().equals(ResultCode.SUCCESS) && connection.getSSLSession() != null;
            if (!secure) {
                throw new LDAPException(ResultCode.CONFIDENTIALITY_REQUIRED, "the server does not do StartTLS");
            }
            return connection;
        } finally {
            if (!secure) {
                connection.close();
            }
        }
    }

    private LDAPConnectionOptions options() {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setUseSynchronousMode(true);
        options.setConnectTimeoutMillis(timeoutMillis);
        options.setResponseTimeoutMillis(timeoutMillis);
        options.setFollowReferrals(false);
        options.setBindWithDNRequiresPassword(true);
        options.setUseSchema(false);
        options.setSSLSocketVerifier(new UnexpiredOnly());
        options.setUseLinger(false, 0);
        options.setMaxMessageSize(LONGEST_MESSAGE);
        return options;
    }
}
