// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Where a provider is and how a connection to it is made. */
final class Endpoint {
    private final String host;
    private final int port;
    private final String authority;
    private final String path;
    private final @Nullable Supplier<SSLSocketFactory> tls;

    /**
     * @param tls for https; asked late, because reading the trusted certificates takes its time
     * @throws IllegalArgumentException for what is no usable base URL
     */
    Endpoint(URI base, Supplier<SSLSocketFactory> tls) {
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !scheme.equals("http")) {
            throw invalid("must start with http:// or https://");
        }
        if (base.getHost() == null) {
            throw invalid("names no host");
        }
        if (base.getRawUserInfo() != null) {
            throw invalid("must hold no user name and no password");
        }
        if (base.getRawQuery() != null || base.getRawFragment() != null) {
            throw invalid("must have neither a query nor a fragment");
        }
        if (base.getPort() == 0 || base.getPort() > 65_535) {
            throw invalid("has an impossible port");
        }
        String name = base.getHost();
        host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        port = base.getPort() > 0 ? base.getPort() : secure ? 443 : 80;
        authority = base.getPort() > 0 ? name + ":" + port : name;
        String raw = base.getRawPath() == null ? "" : base.getRawPath();
        path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        this.tls = secure ? tls : null;
    }

    private static IllegalArgumentException invalid(String why) {
        return new IllegalArgumentException("the base URL " + why);
    }

    /** For the Host header. */
    String authority() {
        return authority;
    }

    /** Before every request's path; empty or starts with a slash. */
    String path() {
        return path;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** Tries each address in turn, on the calling thread. */
    Socket connect(Connection connection) throws IOException {
        IOException failure = null;
        for (InetAddress address : resolve(connection)) {
            try {
                Socket plain = connection.attempt(new InetSocketAddress(address, port));
                return tls == null ? plain : secure(plain, tls.get());
            } catch (IOException e) {
                if (connection.isKilled()) {
                    throw e;
                }
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        throw failure == null ? new ConnectException("no address") : failure;
    }

    private Socket secure(Socket plain, SSLSocketFactory factory) throws IOException {
        try {
            SSLSocket secure = (SSLSocket) factory.createSocket(plain, host, port, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** On a thread of its own, because nothing can end a lookup that hangs. */
    private InetAddress[] resolve(Connection connection) throws IOException {
        if (host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            return InetAddress.getAllByName(host);
        }
        AtomicReference<@Nullable Object> result = new AtomicReference<>();
        Thread caller = Thread.currentThread();
        Thread.ofVirtual().name("http-client-resolve").start(() -> {
            try {
                result.set(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                result.set(e);
            }
            LockSupport.unpark(caller);
        });
        while (true) {
            switch (result.get()) {
                case InetAddress[] addresses -> {
                    return addresses;
                }
                case Exception _ -> throw new UnknownHostException("the host name is not known: " + host);
                case null, default -> {
                    if (connection.isKilled() || caller.isInterrupted()) {
                        throw new IOException("the lookup was given up");
                    }
                    LockSupport.park(this);
                }
            }
        }
    }
}
