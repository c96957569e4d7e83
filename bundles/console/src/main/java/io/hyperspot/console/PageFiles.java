// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The files of the console's own pages. Each page is a document of its own rather than the inside of the console's
 * frame, whose inline scripts a strict content security policy forbids.
 */
final class PageFiles {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private PageFiles() {}

    static void harden(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
    }

    static void html(String file, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html; charset=utf-8");
        String console = Objects.requireNonNullElse(request.getContextPath(), "") + request.getServletPath();
        response.getWriter().write(read(file).replace("{console}", Html.escape(console)));
    }

    static void script(String file, HttpServletResponse response) throws IOException {
        response.setContentType("text/javascript; charset=utf-8");
        response.getWriter().write(read(file));
    }

    static void style(String file, HttpServletResponse response) throws IOException {
        response.setContentType("text/css; charset=utf-8");
        response.getWriter().write(read(file));
    }

    private static String read(String file) throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream("/res/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
