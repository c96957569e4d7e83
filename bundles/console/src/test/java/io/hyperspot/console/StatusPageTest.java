// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.Admission;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

@Timeout(60)
class StatusPageTest {
    private static final String EVIL = "<script>alert('x')</script>\"&";

    @TempDir
    private Path cache;

    private List<Admission.Entry> workers = List.of();
    private Framework framework;
    private StatusPage page;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        framework = java.util.ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of("org.osgi.framework.storage", cache.toString()));
        framework.start();
        framework.getBundleContext().installBundle("sample", bundle("io.hyperspot.sample"));
        framework.getBundleContext().installBundle("other", bundle("acme.other"));
        page = new StatusPage(framework.getBundleContext(), () -> workers);
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler();
        handler.setContextPath("/");
        handler.addServlet(new ServletHolder(new Frame(page)), "/*");
        server.setHandler(handler);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    private static ByteArrayInputStream bundle(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        manifest.getMainAttributes().putValue("Bundle-Version", "1.2.3");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /** Calls a plugin as the console does. */
    private static final class Frame extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient StatusPage page;

        Frame(StatusPage page) {
            this.page = page;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            page.service(request, response);
            if (response.getContentType() == null) {
                response.setContentType("text/html");
                page.renderContent(request, response);
            }
        }
    }

    private HttpResponse<String> get(String file) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(server.getURI() + "system/console/" + file)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private void fill() {
        workers = List.of(new Admission.Entry(
                "gts.hyperspot.core.modkit.plugin.v1~", "acme " + EVIL, 10, "acme 1.0.0", 7, Admission.State.PENDING, EVIL, 3));
        page.bindContributor(new HealthContributor() {
            @Override
            public String name() {
                return "llm-gateway";
            }

            @Override
            public Health health() {
                return Health.degraded("no model " + EVIL);
            }
        });
    }

    @Test
    void showsModulesWorkersAndHealth() throws Exception {
        fill();
        HttpResponse<String> html = get("hyperspot");
        assertThat(html.statusCode()).isEqualTo(200);
        assertThat(html.body())
                .contains("<td>io.hyperspot.sample</td><td>1.2.3</td><td>installed</td>")
                .contains("<td>PENDING</td>", "<td>llm-gateway</td><td>DEGRADED</td>")
                .doesNotContain("acme.other");
    }

    @Test
    void escapesWhatPluginsSay() throws Exception {
        fill();
        assertThat(get("hyperspot").body())
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;");
    }

    @Test
    void saysTheSameAsJson() throws Exception {
        fill();
        HttpResponse<String> response = get("hyperspot.json");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        JsonNode json = JsonMapper.builder().build().readTree(response.body());
        assertThat(json.at("/modules/0/name").asText()).isEqualTo("io.hyperspot.sample");
        assertThat(json.at("/workers/0/reason").asText()).isEqualTo(EVIL);
        assertThat(json.at("/workers/0/in_flight").asInt()).isEqualTo(3);
        assertThat(json.at("/health/0/status").asText()).isEqualTo("DEGRADED");
    }

    @Test
    void showsTheOthersWhenAPartCannotTellItsState() throws Exception {
        fill();
        page.bindContributor(new HealthContributor() {
            @Override
            public String name() {
                return "a-broken-part";
            }

            @Override
            public Health health() {
                throw new IllegalStateException("lost " + EVIL);
            }
        });
        HttpResponse<String> html = get("hyperspot");
        assertThat(html.statusCode()).isEqualTo(200);
        assertThat(html.body())
                .contains("<td>a-broken-part</td><td>DOWN</td><td>cannot tell its state: ", "<td>llm-gateway</td><td>DEGRADED</td>")
                .doesNotContain("<script");
    }

    @Test
    void standsWithoutWorkersAndHealth() throws Exception {
        JsonNode json = JsonMapper.builder().build().readTree(get("hyperspot.json").body());
        assertThat(json.path("workers")).isEmpty();
        assertThat(json.path("health")).isEmpty();
        assertThat(get("hyperspot").statusCode()).isEqualTo(200);
    }
}
