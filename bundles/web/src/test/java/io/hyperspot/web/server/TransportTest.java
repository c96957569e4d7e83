// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.web.spi.ProtocolHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class TransportTest extends WebFixture {
    private static final String PASSWORD = "s3cr3t-of-the-store";

    private Path keystore() throws Exception {
        Path file = home.resolve("server.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(), "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
                        "san=ip:127.0.0.1,dns:localhost", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true)
                .start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
        }
        return file;
    }

    private static SSLContext trusting(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void speaksHttp2InClearAndManyRequestsAtOnce() throws Exception {
        start(Map.of());
        try (HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            HttpResponse<String> first = two.send(request("/p/hello").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            for (int i = 0; i < 100; i++) {
                answers.add(two.sendAsync(request("/p/wild/" + i).build(), HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < 100; i++) {
                HttpResponse<String> answer = answers.get(i).get();
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.body()).isEqualTo("/wild/" + i);
            }
            HttpResponse<String> posted = two.send(
                    request("/p/echo").POST(HttpRequest.BodyPublishers.ofString("x".repeat(900))).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(posted.body()).hasSize(900);
            problem(two.send(request("/p/boom").build(), HttpResponse.BodyHandlers.ofString()), 500, "INTERNAL");
        }
    }

    @Test
    void speaksTlsWithBothVersionsOfHttp() throws Exception {
        Path store = keystore();
        start(Map.of("tls__keystore", store.toString(), "tls__keystore__password", PASSWORD));
        assertThat(url().getScheme()).isEqualTo("https");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            try (HttpClient secure = HttpClient.newBuilder().version(version).sslContext(trusting(store)).build()) {
                HttpResponse<String> answer = secure.send(request("/p/hello").build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body()).isEqualTo("hello key:good");
                assertThat(header(answer, "strict-transport-security")).isEqualTo("max-age=31536000");
            }
        }
        try (HttpClient plain = HttpClient.newHttpClient()) {
            URI clear = URI.create("http://127.0.0.1:" + url().getPort() + "/p/public");
            assertThatThrownBy(() -> {
                        HttpResponse<String> answer =
                                plain.send(HttpRequest.newBuilder(clear).build(), HttpResponse.BodyHandlers.ofString());
                        assertThat(answer.statusCode()).isLessThan(400);
                    })
                    .isNotNull();
        }
    }

    @Test
    void answersOverTlsWhatIsSentWhileARequestIsWatched() throws Exception {
        try (Socket socket = watchedOverTls()) {
            write(socket, head("GET", "/p/wild/2", "Connection: close"));
            await().pollDelay(Duration.ofMillis(120)).until(() -> true);
            protocol.gate.countDown();
            assertThat(readUntil(socket, "never")).matches("(?s).*through.*/wild/2.*");
        }
        assertThat(protocol.cancelled).hasValue(0);
    }

    @Test
    void cancelsWhenTheClientLeavesOverTls() throws Exception {
        watchedOverTls().close();
        await().until(() -> protocol.cancelled.get() == 1);
    }

    private Socket watchedOverTls() throws Exception {
        Path store = keystore();
        start(Map.of("tls__keystore", store.toString(), "tls__keystore__password", PASSWORD));
        Socket socket = trusting(store).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), url().getPort());
        socket.setSoTimeout(20_000);
        write(socket, head("GET", "/p/gate"));
        await().until(() -> protocol.waiting.get() == 1);
        // older than the grace of the leave watcher
        await().pollDelay(Duration.ofMillis(120)).until(() -> true);
        return socket;
    }

    @Test
    void saysWhatIsWrongWithTheKeyStore() throws Exception {
        Path store = keystore();
        assertThatThrownBy(() -> start(Map.of("tls__keystore", home.resolve("none.p12").toString())))
                .hasMessageContaining("none.p12")
                .hasMessageContaining("modules.web.tls_keystore");
        assertThatThrownBy(() -> start(Map.of("tls__keystore", store.toString(), "tls__keystore__password", "wrong-secret")))
                .hasMessageContaining("server.p12")
                .hasMessageNotContaining("port")
                .hasMessageNotContaining("wrong-secret");
        nothingIsLeft();
    }

    @Test
    void saysWhichAddressIsTakenAndLeavesNothingBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> start(Map.of("port", port)))
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("choose another port");
        }
        assertThatThrownBy(() -> start(Map.of("host", "no-such-host.invalid"))).hasMessageContaining("no-such-host.invalid");
        nothingIsLeft();
        start(Map.of());
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    private void nothingIsLeft() throws Exception {
        assertThat(registry.getMeters()).isEmpty();
        assertThat(context().getServiceReferences(URI.class.getName(), null)).isNull();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("web-access-log", "web-request-sweeper"));
        assertThat(context().getServiceReferences(ProtocolHandler.class.getName(), null)).isNull();
    }

    @Test
    void keepsTheKeyOfCursorsForItsHomeOnly() throws Exception {
        CursorKey first = new CursorKey(context());
        Path file = home.resolve("data/secrets/cursor-key");
        byte[] key = Files.readAllBytes(file);
        assertThat(key).hasSize(32);
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        first.deactivate();
        new CursorKey(context()).deactivate();
        assertThat(Files.readAllBytes(file)).isEqualTo(key);
    }
}
