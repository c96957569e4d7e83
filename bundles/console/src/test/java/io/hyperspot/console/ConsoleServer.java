// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A console behind the sign-in, on a real server, and a browser without a jar of cookies. */
final class ConsoleServer {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();

    ConsoleServer(TokenSignIn security) throws Exception {
        this(security, null);
    }

    /**
     * @param page of the console, or null
     */
    ConsoleServer(TokenSignIn security, @Nullable HttpServlet page) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler();
        handler.setContextPath("/");
        handler.addServlet(new ServletHolder(new Console(security, page)), "/system/console/*");
        server.setHandler(handler);
        server.start();
    }

    void stop() throws Exception {
        client.close();
        server.stop();
    }

    String origin() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(origin() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String cookie) throws Exception {
        return send(request(path).header("Cookie", cookie));
    }

    /** What a page gets whose name was made to point here: the browser sends that name. */
    String statusLineForHost(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.getOutputStream()
                    .write(("GET /system/console/bundles HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        }
    }

    /** The answer to a client that reads only once it has sent everything, in pieces. */
    String statusLine(String headWithoutLength, int length) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((headWithoutLength + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] piece = new byte[1024];
            for (int sent = 0; sent < length; sent += piece.length) {
                out.write(piece, 0, Math.min(piece.length, length - sent));
            }
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        }
    }

    HttpRequest.Builder signInRequest(String token) {
        return request("/system/console/bundles")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "admin_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)));
    }

    HttpResponse<String> signIn(String token) throws Exception {
        return send(signInRequest(token).header("Origin", origin()));
    }

    static String cookie(HttpResponse<String> response) {
        String header = response.headers().firstValue("Set-Cookie").orElseThrow();
        return header.substring(0, header.indexOf(';'));
    }

    private static final class Console extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient TokenSignIn security;

        private final transient @Nullable HttpServlet page;

        Console(TokenSignIn security, @Nullable HttpServlet page) {
            this.security = security;
            this.page = page;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            Object user = security.authenticate(request, response);
            if (user == null) {
                return;
            }
            if (request.getRequestURI().endsWith("/logout")) {
                security.logout(request, response);
            } else if (page != null) {
                page.service(request, response);
            } else {
                response.getWriter().write("inside as " + user);
            }
        }
    }
}
