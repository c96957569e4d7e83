// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Selection;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.plugins.Preflight;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page of the console where plugins are seen, tried, installed, rolled back and removed; and the
 * same as JSON.
 */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=plugins",
            "felix.webconsole.title=Plugins",
            "felix.webconsole.category=HyperSpot"
        })
public final class PluginsPage extends AbstractServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(PluginsPage.class);
    private static final long LARGEST = 512L << 20;
    private static final int MOST_JSON = 16_384;
    private static final long MOST_READ_ON = 4L * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final transient Admission admission;
    private final transient Uploads uploads;
    private final transient JsonMapper mapper = JsonMapper.builder().build();
    private final transient Path folder;
    private transient volatile @Nullable Plugins plugins;

    @Activate
    public PluginsPage(BundleContext context, @Reference Admission admission) throws IOException {
        this(admission, new Uploads(spool(context), LARGEST, PATIENCE), folder(context));
    }

    PluginsPage(Admission admission, Uploads uploads, Path folder) {
        this.admission = admission;
        this.uploads = uploads;
        this.folder = folder;
    }

    private static Path spool(BundleContext context) throws IOException {
        File own = context.getDataFile("uploads");
        return own == null ? Files.createTempDirectory("hyperspot-uploads") : own.toPath();
    }

    private static Path folder(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home, "plugins");
    }

    @Deactivate
    void close() {
        uploads.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPlugins(Plugins service) {
        plugins = service;
    }

    void unbindPlugins(Plugins service) {
        if (service.equals(plugins)) {
            plugins = null;
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PageFiles.harden(response);
        switch (path(request)) {
            case "/plugins", "/plugins/" -> PageFiles.html("plugins.html", request, response);
            case "/plugins.json" -> answer(response, this::overview);
            case "/plugins/diagnosis" -> answer(response, () -> said("text", plugins().diagnosis(parameter(request, "id"))));
            case "/plugins/explain" -> answer(response, () -> said("text", explain(parameter(request, "tenant"))));
            case "/plugins/res/plugins.js" -> PageFiles.script("plugins.js", response);
            case "/plugins/res/elements.js" -> PageFiles.script("elements.js", response);
            case "/plugins/res/console.css" -> PageFiles.style("console.css", response);
            default -> answer(response, () -> {
                throw new ProblemException(ErrorCategory.NOT_FOUND, "NO_SUCH_PATH", "there is nothing here");
            });
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PageFiles.harden(response);
        answer(response, () -> {
            // the sign-in has asked that too; this page must not depend on which one is installed
            if (!SameOrigin.holds(request)) {
                throw new ProblemException(
                        ErrorCategory.PERMISSION_DENIED, "CROSS_SITE", "this request does not come from the console's own pages");
            }
            String action = path(request).startsWith("/plugins/") ? path(request).substring("/plugins/".length()) : "";
            return action.equals("upload")
                    ? upload(request)
                    : said("message", new PluginActions(plugins(), uploads).perform(action, json(request)));
        }, () -> readOn(request, response));
    }

    /**
     * A browser that is still sending when the connection closes loses the answer: what is left of a
     * refused body is read, and only a body far beyond every limit costs the connection.
     */
    private static void readOn(HttpServletRequest request, HttpServletResponse response) {
        try {
            InputStream body = request.getInputStream();
            body.skipNBytes(MOST_READ_ON);
            response.setHeader("Connection", "close");
        } catch (EOFException e) {
            // read to its end: the connection can go on
        } catch (IOException e) {
            log.debug("the rest of a refused body cannot be read", e);
            response.setHeader("Connection", "close");
        }
    }

    private ObjectNode upload(HttpServletRequest request) throws IOException {
        require(request, "application/java-archive");
        Plugins service = plugins();
        Uploads.Upload upload = uploads.receive(request.getInputStream(), request.getContentLengthLong());
        Preflight report = null;
        try {
            report = service.preflight(upload.jar());
        } finally {
            if (report == null || !report.accepted()) {
                upload.close();
            }
        }
        ObjectNode answer = PluginsJson.preflight(report);
        return report.accepted() ? answer.put("ticket", uploads.keep(upload)) : answer;
    }

    private JsonNode json(HttpServletRequest request) throws IOException {
        require(request, "application/json");
        byte[] body = request.getInputStream().readNBytes(MOST_JSON + 1);
        if (body.length > MOST_JSON) {
            throw new ProblemException(ErrorCategory.TOO_LARGE, "REQUEST_TOO_LARGE", "the request is too large");
        }
        try {
            return mapper.readTree(body);
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "MALFORMED", "the request is not JSON", java.util.Map.of(), e);
        }
    }

    /** A type that no form of another site can send. */
    private static void require(HttpServletRequest request, String type) {
        String given = request.getContentType();
        if (given == null || !given.split(";", 2)[0].strip().equalsIgnoreCase(type)) {
            throw new ProblemException(ErrorCategory.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "send " + type);
        }
    }

    private ObjectNode overview() {
        Plugins service = plugins;
        List<Admission.Entry> workers = admission.entries();
        ObjectNode overview = JsonNodeFactory.instance.objectNode();
        overview.put("available", service != null)
                .put("folder", folder.toString())
                .put("largest", uploads.largest());
        overview.set("plugins", PluginsJson.plugins(service == null ? List.of() : service.list(), workers));
        overview.set("types", PluginsJson.types(workers));
        return overview;
    }

    private String explain(String tenant) {
        try {
            return Selection.of(admission.entries(), tenant.isEmpty() ? null : UUID.fromString(tenant)).text();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_TENANT",
                    "'" + tenant + "' is no tenant's id; write it as a UUID",
                    java.util.Map.of(),
                    e);
        }
    }

    private Plugins plugins() {
        Plugins service = plugins;
        if (service == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "PLUGINS_UNAVAILABLE", "the module that deploys plugins is not running now");
        }
        return service;
    }

    private static String path(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null ? "" : path;
    }

    private static String parameter(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null ? "" : value.strip();
    }

    private static ObjectNode said(String member, String text) {
        return JsonNodeFactory.instance.objectNode().put(member, text);
    }

    @FunctionalInterface
    private interface Answer {
        ObjectNode get() throws IOException;
    }

    /** Whatever goes wrong is said in words. */
    private static void answer(HttpServletResponse response, Answer answer) throws IOException {
        answer(response, answer, () -> {});
    }

    /**
     * @param refused before anything is answered that is not a success
     */
    private static void answer(HttpServletResponse response, Answer answer, Runnable refused) throws IOException {
        ObjectNode body;
        try {
            body = answer.get();
        } catch (ProblemException e) {
            refused.run();
            response.setStatus(e.category().status());
            body = said("detail", e.detail()).put("code", e.code());
        } catch (IOException | RuntimeException | LinkageError e) {
            log.error("an action of the console failed", e);
            refused.run();
            response.setStatus(500);
            body = said("detail", "it failed unexpectedly (" + e.getClass().getSimpleName() + "); the log says more")
                    .put("code", "INTERNAL");
        }
        response.setContentType("application/json; charset=utf-8");
        response.getWriter().write(body.toString());
    }
}
