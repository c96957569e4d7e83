// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.authz.AccessRequest;
import io.hyperspot.authz.AccessScope;
import io.hyperspot.authz.Authorization;
import io.hyperspot.authz.Decision;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.web.spi.ProtocolHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** The web server in a Felix, on a free port. */
abstract class WebFixture {
    static final ObjectMapper JSON = new ObjectMapper();

    /** "good" may do everything, "tenant" too, of another tenant, "weak" nothing; "down": the store cannot be asked. */
    static final class FakeAuthenticator implements Authenticator {
        static final TenantId TENANT = TenantId.of("0192f0c1-2345-7000-8000-00000000000a");

        /** Whether programs on this machine need no credential. */
        boolean desktop;

        @Override
        public Result authenticate(@Nullable String token, boolean loopback) {
            return switch (token) {
                case null ->
                    desktop && loopback
                            ? new Authenticated(new SecurityContext("user:desktop", TenantId.ROOT, List.of(Permission.ALL)))
                            : new Refused("send a credential");
                case "good" -> new Authenticated(new SecurityContext("key:good", TenantId.ROOT, List.of(Permission.ALL)));
                case "tenant" -> new Authenticated(new SecurityContext("key:tenant", TENANT, List.of(Permission.ALL)));
                case "weak" -> new Authenticated(new SecurityContext("key:weak", TenantId.ROOT, List.of()));
                case "hss_anna" ->
                    new Authenticated(new SecurityContext("user:anna", TENANT, List.of(Permission.ALL)), "token-of-anna");
                case "hss_odd" -> new Authenticated(new SecurityContext("user:odd", TENANT, List.of(Permission.ALL)));
                case "down" -> new Undecided("the store is away");
                default -> new Refused("the credential is unknown");
            };
        }
    }

    /** What the credential carries, nothing else; remembers from where the last request came. */
    static final class FakeAuthorization implements Authorization {
        volatile @Nullable InetAddress from;

        @Override
        public SecurityContext admit(SecurityContext caller, Permission needed, @Nullable InetAddress from) {
            this.from = from;
            if (!caller.allows(needed)) {
                throw new ProblemException(
                        ErrorCategory.PERMISSION_DENIED, "PERMISSION_DENIED", "this needs the permission " + needed);
            }
            return caller;
        }

        @Override
        public Decision decide(AccessRequest request) {
            return Decision.deny(Decision.Code.NOT_GRANTED, "");
        }

        @Override
        public AccessScope scope(SecurityContext caller, GtsPattern type, String action, @Nullable String id) {
            return AccessScope.NOTHING;
        }
    }

    @TempDir
    Path home;

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final FakeAuthenticator authenticator = new FakeAuthenticator();
    final FakeAuthorization authorization = new FakeAuthorization();
    final FakeProtocol protocol = new FakeProtocol();
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Framework framework;
    private @Nullable WebServer server;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, home.resolve("cache").toString(),
                        "hyperspot.home", home.toString()));
        framework.start();
    }

    @AfterEach
    void stopFramework() throws Exception {
        client.close();
        stopServer();
        Framework running = Objects.requireNonNull(framework);
        running.stop();
        running.waitForStop(10_000);
    }

    BundleContext context() {
        return Objects.requireNonNull(framework).getBundleContext();
    }

    WebServer server() {
        return Objects.requireNonNull(server);
    }

    /** Starts the server with some keys changed, an authenticator and the protocol handler. */
    WebServer start(Map<String, Object> keys) throws Exception {
        WebServer started = new WebServer(context(), config(keys), registry);
        server = started;
        started.bindAuthenticator(authenticator);
        started.bindAuthorization(authorization);
        context().registerService(ProtocolHandler.class, protocol, null);
        return started;
    }

    void stopServer() throws Exception {
        if (server != null) {
            server.deactivate();
            server = null;
        }
    }

    /** The configuration, by names of methods. */
    static WebConfig config(Map<String, Object> keys) {
        return (WebConfig) Proxy.newProxyInstance(
                WebConfig.class.getClassLoader(), new Class<?>[] {WebConfig.class}, (proxy, method, arguments) -> {
                    Object fallback = method.getName().equals("port") ? Integer.valueOf(0) : method.getDefaultValue();
                    // a leading underscore makes a property private
                    return keys.getOrDefault(method.getName().replaceFirst("^_", ""), fallback);
                });
    }

    URI url() throws Exception {
        ServiceReference<?>[] found = context().getServiceReferences(URI.class.getName(), "(hyperspot.web=true)");
        return (URI) Objects.requireNonNull(context().getService(found[0]));
    }

    HttpRequest.Builder request(String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer good");
    }

    HttpRequest.Builder anonymous(String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(url() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    /** Asserts that an answer is a complete problem document. */
    static JsonNode problem(HttpResponse<String> answer, int status, String code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(header(answer, "content-type")).isEqualTo("application/problem+json");
        JsonNode body = json(answer);
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("code").asText()).isEqualTo(code);
        assertThat(body.path("request_id").asText()).isEqualTo(header(answer, "x-request-id"));
        assertThat(body.path("type").asText()).startsWith("gts://");
        assertThat(body.path("title").asText()).isNotEmpty();
        assertThat(body.path("detail").asText()).isNotEmpty();
        assertThat(body.path("instance").asText()).isEqualTo(answer.uri().getPath());
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\\tat ");
        return body;
    }

    /** A bundle without content, whose context registers services of its own. */
    BundleContext bundle(String name) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.flush();
        }
        Bundle bundle = context().installBundle("test:" + name, new ByteArrayInputStream(bytes.toByteArray()));
        bundle.start();
        return bundle.getBundleContext();
    }

    static ServiceRegistration<?> resource(BundleContext from, Object resource) {
        return from.registerService(
                Object.class.getName(), resource, FrameworkUtil.asDictionary(Map.of("osgi.jakartars.resource", true)));
    }

    /** A connection on which a test writes bytes as it likes. */
    Socket socket(String text) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), url().getPort());
        socket.setSoTimeout(20_000);
        write(socket, text);
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    static String head(String method, String path, String... headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer good\r\n"
                + String.join("", java.util.Arrays.stream(headers).map(header -> header + "\r\n").toList()) + "\r\n";
    }

    /** Reads until the text has come, or the connection ends. */
    static String readUntil(Socket socket, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int b;
        while ((b = socket.getInputStream().read()) >= 0) {
            read.write(b);
            if (read.toString(StandardCharsets.UTF_8).endsWith(end)) {
                break;
            }
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** The line of a request in the access log, once it is there. */
    String accessLine(String requestId) {
        Path file = home.resolve("logs/access.log");
        return await().until(
                () -> Files.exists(file)
                        ? Files.readAllLines(file).stream()
                                .filter(line -> line.contains("request_id=" + requestId + " "))
                                .findFirst()
                                .orElse("")
                        : "",
                line -> !line.isEmpty());
    }
}
