// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import io.hyperspot.http.client.GuardedHttp.Response;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The library client, reduced to one exchange on one new connection to a given address: no name is
 * resolved, no redirect followed, nothing retried, no connection kept, no cookie, no proxy.
 */
final class PinnedClient implements AutoCloseable {
    private static final Http1Config LIMITS =
            Http1Config.custom().setMaxLineLength(16 * 1024).setMaxHeaderCount(200).build();

    private static final int BUFFER = 8192;

    /** The guard has resolved already; whoever asks again has lost the pinned address. */
    private static final DnsResolver NONE = new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException("not resolved a second time: " + host);
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            throw new UnknownHostException("not resolved a second time: " + host);
        }
    };

    private final CloseableHttpClient client;
    private final UnaryOperator<InetAddress> dial;

    /**
     * @param dial where to connect to for a checked address; in production that address
     */
    PinnedClient(SSLContext tls, UnaryOperator<InetAddress> dial, int maxConnections) {
        this.dial = dial;
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(NONE)
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                        .setMaxConnTotal(maxConnections)
                        .setMaxConnPerRoute(maxConnections)
                        .setConnectionFactory(PinnedClient::connection)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.ofSeconds(30))
                                .build())
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent("HyperSpot")
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableConnectionState()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .build();
    }

    private static ManagedHttpClientConnection connection(@Nullable Socket socket) throws IOException {
        UnloggedConnection connection = new UnloggedConnection(LIMITS);
        if (socket != null) {
            connection.bind(socket);
        }
        return connection;
    }

    /** Tries the addresses in turn until one takes the connection; then whatever comes is the result. */
    Response send(Hop hop, Duration timeout, int maxBytes) throws UpstreamException {
        UpstreamException failure = null;
        for (InetAddress address : hop.target().addresses()) {
            try {
                return exchange(hop, address, timeout, maxBytes);
            } catch (UpstreamException e) {
                if (e.kind() != Kind.CONNECT || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                failure = e;
            }
        }
        throw failure == null ? new UpstreamException(Kind.CONNECT, hop.target().host() + ": no address") : failure;
    }

    private Response exchange(Hop hop, InetAddress address, Duration timeout, int maxBytes) throws UpstreamException {
        Target target = hop.target();
        BasicClassicHttpRequest request = new BasicClassicHttpRequest(hop.method(), target.path());
        request.setScheme(target.scheme());
        request.setAuthority(target.authority());
        boolean encoding = false;
        for (Header header : hop.headers()) {
            request.addHeader(header.name(), header.value());
            encoding |= header.name().equalsIgnoreCase("Accept-Encoding");
        }
        if (!encoding) {
            request.addHeader("Accept-Encoding", "gzip");
        }
        if (hop.body().length > 0) {
            request.setEntity(new ByteArrayEntity(hop.body(), null));
        }
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(timeout))
                .setConnectionRequestTimeout(Timeout.of(timeout))
                .setProtocolUpgradeEnabled(false)
                .setAuthenticationEnabled(false)
                .build());
        boolean decode = !encoding;
        try {
            return client.execute(
                    target.pinned(dial.apply(address)),
                    request,
                    context,
                    response -> read(response, target, decode, maxBytes));
        } catch (IOException e) {
            throw failure(target.host(), e);
        }
    }

    private static Response read(ClassicHttpResponse response, Target target, boolean decode, int maxBytes)
            throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        for (var header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        byte[] body = new byte[0];
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            String coding = entity.getContentEncoding() == null ? "" : entity.getContentEncoding();
            boolean zipped = decode && (coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip"));
            try (InputStream raw = entity.getContent()) {
                body = bounded(zipped ? new GZIPInputStream(raw) : raw, target.host(), maxBytes);
            }
            if (zipped) {
                headers.remove("content-encoding");
                headers.remove("content-length");
            }
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return new Response(response.getCode(), Map.copyOf(headers), body, target.url());
    }

    private static byte[] bounded(InputStream in, String host, int maxBytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int count; (count = in.read(buffer)) >= 0; ) {
            if (count > maxBytes - body.size()) {
                throw new UpstreamException(Kind.TOO_LARGE, host + ": answers more than " + maxBytes + " bytes");
            }
            body.write(buffer, 0, count);
        }
        return body.toByteArray();
    }

    private static UpstreamException failure(String host, IOException e) {
        return switch (e) {
            case UpstreamException known -> known;
            case ConnectTimeoutException _ -> failure(Kind.TIMEOUT, host, "no connection in time", e);
            case SocketTimeoutException _ -> failure(Kind.TIMEOUT, host, "no answer in time", e);
            case HttpHostConnectException _ -> failure(Kind.CONNECT, host, "cannot be connected to", e);
            case UnknownHostException _ -> failure(Kind.CONNECT, host, "cannot be connected to", e);
            case SSLException _ -> failure(Kind.CONNECT, host, "its TLS cannot be trusted or has failed", e);
            case MessageConstraintException _ -> failure(Kind.TOO_LARGE, host, "its header section is too large", e);
            case ZipException _ -> failure(Kind.PROTOCOL, host, "its compressed body is broken", e);
            case ClientProtocolException _ -> failure(Kind.PROTOCOL, host, "its answer is not HTTP/1.1", e);
            default -> failure(Kind.CLOSED, host, "closed the connection before its answer was complete", e);
        };
    }

    private static UpstreamException failure(Kind kind, String host, String what, IOException cause) {
        return new UpstreamException(kind, host + ": " + what, cause);
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
