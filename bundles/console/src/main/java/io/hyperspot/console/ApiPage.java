// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.webconsole.servlet.AbstractServlet;

/**
 * A page of the console that does nothing here: it asks the REST API with an API key that the administrator gives it, so
 * that it shows and does what this key may, and the audit trail names it.
 */
abstract class ApiPage extends AbstractServlet {
    private static final long serialVersionUID = 1L;

    private final String name;

    /**
     * @param name of the page, its document and its script
     */
    ApiPage(String name) {
        this.name = name;
    }

    @Override
    protected final void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PageFiles.harden(response);
        String base = "/" + name;
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        String file = path.startsWith(base + "/res/") ? path.substring((base + "/res/").length()) : "";
        if (path.equals(base) || path.equals(base + "/")) {
            PageFiles.html(name + ".html", request, response);
        } else if (file.equals("console.css")) {
            PageFiles.style(file, response);
        } else if (file.equals(name + ".js") || file.equals("api.js") || file.equals("elements.js")) {
            PageFiles.script(file, response);
        } else {
            response.setStatus(404);
        }
    }
}
