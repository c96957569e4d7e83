// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Connections that are used again, no more than so many at once, and opened when they are needed. Without a thread. Thread-safe. */
final class ConnectionPool implements AutoCloseable {
    /** Directories and what lies between end silent connections after some minutes. */
    private static final Duration OLDEST_IDLE = Duration.ofSeconds(60);

    /** Opens one that can be used. */
    @FunctionalInterface
    interface Opening {
        LDAPConnection open() throws DirectoryException;
    }

    /** What is done with one; an exception whose code tells that the connection cannot be used any more ends it. */
    @FunctionalInterface
    interface Use<T> {
        T with(LDAPConnection connection) throws LDAPException;
    }

    private record Idle(LDAPConnection connection, long sinceNanos) {}

    private final Opening opening;
    private final Servers servers;
    private final Semaphore permits;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    ConnectionPool(Opening opening, Servers servers, LdapSettings.Limits limits, LongSupplier nanos) {
        this.opening = opening;
        this.servers = servers;
        this.permits = new Semaphore(limits.connections(), true);
        this.patience = limits.patience();
        this.nanos = nanos;
    }

    /**
     * @throws LDAPException when the directory answered, with something else than success
     * @throws DirectoryException when it did not, or there is no free connection in time
     */
    <T> T call(Use<T> use) throws LDAPException, DirectoryException {
        acquire();
        try {
            LDAPConnection used = takeIdle();
            if (used != null) {
                try {
                    return call(used, use);
                } catch (LDAPException e) {
                    if (e.getResultCode().isConnectionUsable()) {
                        throw e;
                    }
                    // others that are as old have likely ended with it
                    closeIdle();
                    if (e.getResultCode().equals(ResultCode.TIMEOUT)) {
                        throw DirectoryException.of("no answer in time", e);
                    }
                }
            }
            LDAPConnection fresh = opening.open();
            try {
                return call(fresh, use);
            } catch (LDAPException e) {
                if (e.getResultCode().isConnectionUsable()) {
                    throw e;
                }
                throw DirectoryException.of("no answer", e);
            }
        } finally {
            permits.release();
        }
    }

    private <T> T call(LDAPConnection connection, Use<T> use) throws LDAPException {
        boolean usable = false;
        try {
            T result = use.with(connection);
            usable = true;
            return result;
        } catch (LDAPException e) {
            usable = e.getResultCode().isConnectionUsable();
            if (!usable) {
                servers.passOver(connection);
            }
            throw e;
        } finally {
            giveBack(connection, usable);
        }
    }

    private void acquire() throws DirectoryException {
        try {
            if (closed || !permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new DirectoryException(closed ? "the connections are closed" : "no connection became free in time", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DirectoryException("interrupted", e);
        }
    }

    private @Nullable LDAPConnection takeIdle() {
        while (true) {
            Idle found = idle.pollFirst();
            if (found == null) {
                return null;
            }
            if (nanos.getAsLong() - found.sinceNanos() < OLDEST_IDLE.toNanos() && found.connection().isConnected()) {
                return found.connection();
            }
            found.connection().close();
        }
    }

    private void giveBack(LDAPConnection connection, boolean usable) {
        if (!usable) {
            connection.close();
            return;
        }
        idle.addFirst(new Idle(connection, nanos.getAsLong()));
        if (closed) {
            closeIdle();
        }
    }

    private void closeIdle() {
        for (Idle each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            each.connection().close();
        }
    }

    @Override
    public void close() {
        closed = true;
        closeIdle();
    }
}
