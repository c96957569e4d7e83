// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/** {@code /docs}: Swagger UI over {@code /openapi.json}; everything comes from this bundle. */
final class DocsPage implements ProtocolHandler {
    private static final String HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>HyperSpot API</title>
            <link rel="stylesheet" href="/docs/swagger-ui.css">
            </head>
            <body>
            <main id="swagger-ui"></main>
            <script src="/docs/swagger-ui-bundle.js"></script>
            <script src="/docs/start.js"></script>
            </body>
            </html>
            """;
    private static final String START = """
            SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true,
              persistAuthorization: false, validatorUrl: null });
            """;
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui";
    private static final Map<String, String> TYPES =
            Map.of("/swagger-ui.css", "text/css", "/swagger-ui-bundle.js", "text/javascript");

    private final Bundle bundle;

    DocsPage(Bundle bundle) {
        this.bundle = bundle;
    }

    @Override
    public String path() {
        return "/docs";
    }

    @Override
    public List<Operation> operations() {
        return List.of(new Operation("GET", "", null, null, 0), new Operation("GET", "/*", null, null, 0));
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws IOException {
        // Swagger UI styles elements inline and draws its icons from data URLs
        exchange.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                        + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        String path = exchange.path();
        switch (path) {
            case "", "/" -> exchange.respond(200, "text/html; charset=utf-8", HTML.getBytes(StandardCharsets.UTF_8));
            case "/start.js" -> exchange.respond(200, "text/javascript", START.getBytes(StandardCharsets.UTF_8));
            default -> file(exchange, path);
        }
    }

    private void file(Exchange exchange, String path) throws IOException {
        String type = TYPES.get(path);
        // the webjar's folder is named by its version
        Enumeration<URL> found = type == null ? null : bundle.findEntries(WEBJAR, path.substring(1), true);
        if (type == null || found == null) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND, "NO_SUCH_PATH", "nothing is served at /docs" + path + "; the page is /docs");
        }
        exchange.setHeader("Cache-Control", "max-age=86400");
        try (InputStream in = found.nextElement().openStream()) {
            exchange.respond(200, type, in.readAllBytes());
        }
    }
}
