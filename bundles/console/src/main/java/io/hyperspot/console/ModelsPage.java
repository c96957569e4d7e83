// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.osgi.service.component.annotations.Component;

/**
 * The page of the console for models: their providers' health, what calls use and cost, and a box to try one. Nothing is
 * done here: the page asks the REST API with an API key that the administrator gives it, as that of access does.
 */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=models",
            "felix.webconsole.title=Models",
            "felix.webconsole.category=HyperSpot"
        })
public final class ModelsPage extends AbstractServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PageFiles.harden(response);
        String path = request.getPathInfo();
        switch (path == null ? "" : path) {
            case "/models", "/models/" -> PageFiles.html("models.html", request, response);
            case "/models/res/models.js" -> PageFiles.script("models.js", response);
            case "/models/res/api.js" -> PageFiles.script("api.js", response);
            case "/models/res/elements.js" -> PageFiles.script("elements.js", response);
            case "/models/res/console.css" -> PageFiles.style("console.css", response);
            default -> response.setStatus(404);
        }
    }
}
