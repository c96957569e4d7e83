// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static io.hyperspot.http.client.provider.Fixture.failure;
import static io.hyperspot.http.client.provider.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class TlsTest {
    private static final char[] PASSWORD = "for-a-test".toCharArray();

    @TempDir
    private Path folder;

    /** A context that has, and trusts, one self-signed certificate. */
    private SSLContext context(String alternativeName) throws Exception {
        Path file = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=test", "-validity", "2",
                        "-ext", "SAN=" + alternativeName, "-storetype", "PKCS12", "-keystore", file.toString(),
                        "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static URI localhost(ScriptedServer server) {
        return URI.create("https://localhost:" + server.port() + "/v1");
    }

    @Test
    void talksToAServerWhoseCertificateNamesIt() throws Exception {
        SSLContext context = context("dns:localhost");
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(context.getServerSocketFactory(), peer -> {
                    while (true) {
                        peer.request();
                        peer.send(answer);
                    }
                });
                Fixture fixture = new Fixture(context.getSocketFactory());
                ProviderClient client = fixture.open(localhost(server))) {
            assertThat(text(client, GET)).isEqualTo("hello");
            assertThat(text(client, GET)).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void refusesACertificateOfAnotherHost() throws Exception {
        SSLContext context = context("dns:other.example");
        try (ScriptedServer server = new ScriptedServer(context.getServerSocketFactory(), ScriptedServer.Peer::request);
                Fixture fixture = new Fixture(context.getSocketFactory());
                ProviderClient client = fixture.open(localhost(server))) {
            UpstreamException failure = failure(client, GET);
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.CONNECT);
            assertThat(failure).hasMessageContaining("localhost");
        }
    }

    @Test
    void refusesACertificateThatNobodyVouchesFor() throws Exception {
        SSLContext context = context("dns:localhost");
        try (ScriptedServer server = new ScriptedServer(context.getServerSocketFactory(), ScriptedServer.Peer::request);
                Fixture fixture = new Fixture((SSLSocketFactory) SSLSocketFactory.getDefault());
                ProviderClient client = fixture.open(localhost(server))) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.CONNECT);
        }
    }

    @Test
    void refusesAServerThatDoesNotSpeakTls() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                    peer.awaitClose();
                });
                Fixture fixture = new Fixture();
                ProviderClient client = fixture.open(localhost(server))) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.CONNECT);
        }
    }

    @Test
    void cancelsWithinAStream() throws Exception {
        SSLContext context = context("dns:localhost");
        try (ScriptedServer server = new ScriptedServer(context.getServerSocketFactory(), peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
                    peer.awaitClose();
                });
                Fixture fixture = new Fixture(context.getSocketFactory());
                ProviderClient client = fixture.open(localhost(server))) {
            Cancellation cancellation = new Cancellation();
            try (ProviderResponse answer = client.send(GET, cancellation)) {
                assertThat(answer.read(new byte[10], 0, 10)).isEqualTo(2);
                Thread.startVirtualThread(() -> cancellation.cancel("the client left"));
                UpstreamException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                        UpstreamException.class, () -> answer.read(new byte[10], 0, 10));
                assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
            }
            await().until(() -> server.ended() == 1);
        }
    }
}
