// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.HealthReport;
import io.hyperspot.modkit.lifecycle.ModuleBundle;
import io.hyperspot.modkit.worker.Admission;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The HyperSpot page of the console: health, workers by GTS type, modules; and the same as JSON. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=hyperspot",
            "felix.webconsole.title=HyperSpot",
            "felix.webconsole.category=HyperSpot"
        })
public final class StatusPage extends AbstractServlet {
    private static final long serialVersionUID = 1L;

    private final transient BundleContext context;
    private final transient Admission admission;
    private final transient List<HealthContributor> contributors = new CopyOnWriteArrayList<>();

    @Activate
    public StatusPage(BundleContext context, @Reference Admission admission) {
        this.context = context;
        this.admission = admission;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindContributor(HealthContributor contributor) {
        contributors.add(contributor);
    }

    void unbindContributor(HealthContributor contributor) {
        contributors.remove(contributor);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws jakarta.servlet.ServletException, IOException {
        String path = request.getPathInfo();
        if (path != null && path.endsWith("/hyperspot.json")) {
            response.setContentType("application/json");
            response.setHeader("Cache-Control", "no-store");
            response.getWriter().write(status().toString());
        } else {
            super.doGet(request, response);
        }
    }

    @Override
    public void renderContent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ObjectNode status = status();
        PrintWriter out = response.getWriter();
        out.println("<p class=\"statline\">" + Html.escape(status.path("summary").asText()) + "</p>");
        table(out, "Health", status.path("health"), List.of("part", "status", "reason"));
        table(
                out,
                "Workers by GTS type",
                status.path("workers"),
                List.of("type", "instance", "priority", "state", "in_flight", "origin", "reason"));
        table(out, "Modules", status.path("modules"), List.of("name", "version", "state"));
    }

    private static void table(PrintWriter out, String title, JsonNode rows, List<String> columns) {
        out.println("<h3>" + title + "</h3><table class=\"nicetable\"><thead><tr>");
        columns.forEach(column -> out.print("<th>" + column.replace('_', ' ') + "</th>"));
        out.println("</tr></thead><tbody>");
        for (JsonNode row : rows) {
            out.print("<tr>");
            columns.forEach(column ->
                    out.print("<td>" + Html.escape(row.path(column).asText()).replace("\n", "<br>") + "</td>"));
            out.println("</tr>");
        }
        out.println("</tbody></table>");
    }

    private List<HealthReport> parts() {
        return contributors.stream().map(HealthReport::of).sorted(Comparator.comparing(HealthReport::name)).toList();
    }

    ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode health = JsonNodeFactory.instance.arrayNode();
        int down = 0;
        int degraded = 0;
        for (HealthReport part : parts()) {
            down += part.health().state() == State.DOWN ? 1 : 0;
            degraded += part.health().state() == State.DEGRADED ? 1 : 0;
            health.addObject()
                    .put("part", part.name())
                    .put("status", part.health().state().name())
                    .put("reason", part.health().reason());
        }
        ArrayNode workers = JsonNodeFactory.instance.arrayNode();
        for (Admission.Entry entry : admission.entries()) {
            workers.addObject()
                    .put("type", entry.type())
                    .put("instance", entry.instance())
                    .put("priority", entry.priority())
                    .put("state", entry.state().name())
                    .put("in_flight", entry.inFlight())
                    .put("origin", entry.origin())
                    .put("reason", entry.reason());
        }
        ArrayNode modules = modules();
        status.put("summary", (down > 0 ? "Not ready" : "Ready") + ": " + modules.size() + " modules, " + workers.size()
                + " workers, " + (down + degraded) + " need attention");
        status.set("health", health);
        status.set("workers", workers);
        status.set("modules", modules);
        return status;
    }

    private ArrayNode modules() {
        ArrayNode modules = JsonNodeFactory.instance.arrayNode();
        for (Bundle bundle : context.getBundles()) {
            boolean ours = ModuleBundle.isModule(bundle);
            if (ours || bundle.getLocation().startsWith("plugin:")) {
                modules.addObject()
                        .put("name", bundle.getSymbolicName())
                        .put("version", bundle.getVersion().toString())
                        .put("state", state(bundle.getState()));
            }
        }
        return modules;
    }

    private static String state(int state) {
        return switch (state) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "resolved";
            default -> "installed";
        };
    }
}
