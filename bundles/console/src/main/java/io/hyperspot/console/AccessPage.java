// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.osgi.service.component.annotations.Component;

/**
 * The page of the console for tenants, keys, roles and the audit trail. Nothing is done here: the page asks the REST API
 * with an API key that the administrator gives it, so that it shows and does what this key may, and the trail names it.
 */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=access",
            "felix.webconsole.title=Access",
            "felix.webconsole.category=HyperSpot"
        })
public final class AccessPage extends AbstractServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PageFiles.harden(response);
        String path = request.getPathInfo();
        switch (path == null ? "" : path) {
            case "/access", "/access/" -> PageFiles.html("access.html", request, response);
            case "/access/res/access.js" -> PageFiles.script("access.js", response);
            case "/access/res/api.js" -> PageFiles.script("api.js", response);
            case "/access/res/elements.js" -> PageFiles.script("elements.js", response);
            case "/access/res/console.css" -> PageFiles.style("console.css", response);
            default -> response.setStatus(404);
        }
    }
}
