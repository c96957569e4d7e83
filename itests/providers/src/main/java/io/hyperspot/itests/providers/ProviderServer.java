// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider on loopback that checks each request as a strict one would, and answers as its test says.
 */
public final class ProviderServer implements AutoCloseable {
    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        void handle(Call call) throws Exception;
    }

    /** A request that was checked, and the way to answer it. */
    public static final class Call {
        private final Socket socket;
        private final InputStream in;
        private final String method;
        private final String path;
        private final Map<String, String> headers;
        private final JsonNode body;

        Call(Socket socket, InputStream in, String method, String path, Map<String, String> headers, JsonNode body) {
            this.socket = socket;
            this.in = in;
            this.method = method;
            this.path = path;
            this.headers = headers;
            this.body = body;
        }

        public String path() {
            return path;
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        public JsonNode body() {
            return body;
        }

        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        public void json(int status, String json, String... moreHeaders) throws IOException {
            answer(status, "application/json", json, moreHeaders);
        }

        public void answer(int status, String type, String text, String... moreHeaders) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " x\r\nContent-Type: " + type
                    + "\r\nContent-Length: " + bytes.length + "\r\n");
            for (String header : moreHeaders) {
                head.append(header).append("\r\n");
            }
            send(head.append("\r\n").append(text).toString());
        }

        public void startStream() throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        public void chunk(String text) throws IOException {
            chunk(text.getBytes(StandardCharsets.UTF_8));
        }

        public void chunk(byte[] bytes) throws IOException {
            send(Integer.toHexString(bytes.length) + "\r\n");
            send(bytes);
            send("\r\n");
        }

        public void data(String data) throws IOException {
            chunk("data: " + data + "\n\n");
        }

        public void endStream() throws IOException {
            send("0\r\n\r\n");
        }

        /** Returns when the other side has closed. */
        public void awaitClose() throws IOException {
            try {
                while (in.read() >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                return;
            } finally {
                socket.close();
            }
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        public void close() throws IOException {
            socket.close();
        }
    }

    public static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"small\"},{\"id\":\"text-embed-1\"}]}";

    private final ObjectMapper json = new ObjectMapper();
    private final ServerSocket listener;
    private final Handler handler;
    private final String keyHeader;
    private final String key;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private volatile Handler models = call -> call.json(200, MODELS);

    /**
     * @param key what requests must carry as bearer token; empty: they must carry none; {@code *}: any
     */
    public ProviderServer(String key, Handler handler) throws IOException {
        this("authorization", key.isEmpty() || key.equals("*") ? key : "Bearer " + key, handler);
    }

    /**
     * @param keyHeader the header that proves who calls, in lower case
     * @param key what it must say; empty: it must not be there; {@code *}: anything
     */
    public ProviderServer(String keyHeader, String key, Handler handler) throws IOException {
        this.keyHeader = keyHeader;
        this.key = key;
        this.handler = handler;
        listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** How {@code GET /models} is answered from now on. */
    public void models(Handler next) {
        models = next;
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** How many were accepted. */
    public int connections() {
        return sockets.size();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                Call call = read(socket, in);
                if (call.method.equals("GET") && call.path.matches("/v1/models(\\?.*)?")) {
                    models.handle(call);
                } else {
                    handler.handle(call);
                }
            }
        } catch (IOException e) {
            // The other side has left, as some tests want it to.
            return;
        } catch (Exception | AssertionError e) {
            complaints.add(e.toString());
        }
    }

    private Call read(Socket socket, InputStream in) throws IOException {
        String[] start = line(in).split(" ");
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        byte[] bytes = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        check(start.length == 3 && start[2].equals("HTTP/1.1"), "the request line");
        check(headers.getOrDefault("host", "").startsWith("127.0.0.1:"), "the host");
        check(key.equals("*") || headers.getOrDefault(keyHeader, "").equals(key), "the key");
        JsonNode body = MissingNode.getInstance();
        if (start[0].equals("POST")) {
            check(headers.getOrDefault("content-type", "").equals("application/json"), "the content type");
            body = json.readTree(bytes);
            check(body.path("model").isTextual() || start[1].startsWith("/v1/models/"), "the model");
        }
        return new Call(socket, in, start[0], start[1], headers, body);
    }

    private void check(boolean right, String what) {
        if (!right) {
            complaints.add(what + " is wrong");
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c; (c = in.read()) != '\n'; ) {
            if (c < 0) {
                throw new EOFException();
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (!complaints.isEmpty()) {
            throw new AssertionError("the provider saw: " + complaints);
        }
    }
}
