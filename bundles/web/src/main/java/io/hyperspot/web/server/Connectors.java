// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Builds the connector: HTTP/1.1 with h2c, or TLS with ALPN. */
final class Connectors {
    /** Stock clients encode the slash of a model's id; mounts are found before it is decoded. */
    private static final UriCompliance SLASHES =
            UriCompliance.DEFAULT.with("ENCODED_SLASHES", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR);

    private Connectors() {}

    static ServerConnector build(Server server, WebConfig config) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(config.max__header__bytes());
        // the cache is a trie of some 50 KB a connection from its second request on: with
        // thousands of kept-alive connections it costs more than everything else together
        http.setHeaderCacheSize(0);
        http.setUriCompliance(SLASHES);
        boolean tls = !config.tls__keystore().isBlank();
        List<ConnectionFactory> factories = tls ? secured(http, config) : plain(http);
        ServerConnector connector =
                new ServerConnector(server, 1, 1, factories.toArray(ConnectionFactory[]::new));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setIdleTimeout(Duration.ofSeconds(config.idle__timeout__seconds()).toMillis());
        connector.setAcceptQueueSize(1024);
        return connector;
    }

    private static List<ConnectionFactory> plain(HttpConfiguration http) {
        return List.of(new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    }

    private static List<ConnectionFactory> secured(HttpConfiguration http, WebConfig config) {
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        if (!Files.isReadable(Path.of(config.tls__keystore()))) {
            throw new IllegalStateException(
                    "the key store " + config.tls__keystore() + " (modules.web.tls_keystore) does not exist or cannot be read");
        }
        tls.setKeyStorePath(config.tls__keystore());
        tls.setKeyStorePassword(config._tls__keystore__password());
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        return List.of(new SslConnectionFactory(tls, alpn.getProtocol()), alpn, new HTTP2ServerConnectionFactory(http), http1);
    }
}
