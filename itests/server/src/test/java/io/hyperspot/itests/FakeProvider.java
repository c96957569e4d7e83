// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An OpenAI-compatible provider on a loopback port that checks what it receives. The model's name
 * chooses how it behaves: {@code plain} answers well, {@code endless} streams until it is left,
 * {@code silent} never answers, {@code stall} and {@code reset} break a stream after two chunks,
 * {@code garbage} and {@code html} answer nonsense, {@code e429} and the like answer that status.
 */
final class FakeProvider implements AutoCloseable {
    static final String KEY = "sk-fake-4711";

    /** A request that was received. */
    record Received(String method, String path, Map<String, String> headers, String body) {}

    private final ServerSocket listener;
    private final ObjectMapper json = new ObjectMapper();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final List<Received> received = new CopyOnWriteArrayList<>();
    final AtomicInteger active = new AtomicInteger();

    FakeProvider() throws IOException {
        listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("fake-provider").start(this::accept);
    }

    String baseUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** The configuration that makes this the provider of the given name. */
    String yaml(String name) {
        return """
                modules:
                  llm-openai:
                    instances:
                """ + instance(name, "");
    }

    /** One more that is this provider, behind those of {@link #yaml}. */
    String instance(String name, String settings) {
        return "      %s: { base_url: \"%s\", api_key: \"%s\", allow_unlisted: true%s }%n"
                .formatted(name, baseUrl(), KEY, settings);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (Received request = read(in); request != null; request = read(in)) {
                received.add(request);
                active.incrementAndGet();
                try {
                    answer(request, socket, in, out);
                } finally {
                    active.decrementAndGet();
                }
            }
        } catch (IOException e) {
            // the gateway left
        } finally {
            open.remove(socket);
        }
    }

    private static @org.jspecify.annotations.Nullable Received read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        String[] start = line.split(" ");
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(start[0], start[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private void answer(Received request, Socket socket, InputStream in, OutputStream out) throws IOException {
        if (!("Bearer " + KEY).equals(request.headers().get("authorization"))) {
            respond(out, 401, "application/json", error("wrong key"));
            return;
        }
        if (request.method().equals("GET") && request.path().equals("/v1/models")) {
            respond(out, 200, "application/json", """
                    {"object":"list","data":[{"id":"plain","object":"model","created":1,"owned_by":"fake"},\
                    {"id":"endless","object":"model","created":1,"owned_by":"fake"}]}""");
            return;
        }
        JsonNode body = json.readTree(request.body());
        boolean stream = body.path("stream").asBoolean();
        String model = body.path("model").asText();
        if (request.path().equals("/v1/embeddings")) {
            // little-endian floats, as OpenAI packs them
            String vector = body.path("encoding_format").asText().equals("base64") ? "\"AAAAPwAAgL4=\"" : "[0.5,-0.25]";
            respond(out, 200, "application/json", """
                    {"object":"list","data":[{"object":"embedding","index":0,"embedding":%s}],"model":"%s",\
                    "usage":{"prompt_tokens":3,"total_tokens":3}}""".formatted(vector, model));
            return;
        }
        if (request.path().equals("/v1/responses")) {
            respond(out, body, stream, model);
            return;
        }
        if (!request.path().equals("/v1/chat/completions") || !body.path("messages").isArray()) {
            respond(out, 404, "application/json", error("no such path"));
            return;
        }
        switch (model) {
            case "silent" -> in.read();
            case "garbage" -> {
                out.write("this is not HTTP at all\n\n".getBytes(StandardCharsets.UTF_8));
                socket.close();
            }
            case "html" -> respond(out, 200, "text/html", "<html>maintenance</html>");
            case "tools" -> tools(out, body);
            case "e400", "e401", "e404", "e429", "e500", "e503" ->
                respond(out, Integer.parseInt(model.substring(1)), "application/json", error("told to"));
            case "stall", "reset", "endless" -> breakOff(model, socket, in, out);
            default -> {
                if (stream) {
                    head(out, "text/event-stream");
                    for (String word : List.of("Hello", " there", "!")) {
                        chunk(out, event("{\"content\":\"" + word + "\"}", "null"));
                    }
                    chunk(out, event("{}", "\"stop\""));
                    chunk(out, "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                            + "\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}\n\n");
                    chunk(out, "data: [DONE]\n\n");
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                } else {
                    respond(out, 200, "application/json", """
                            {"id":"c1","object":"chat.completion","created":1,"model":"%s","x_unknown":{"kept":true},\
                            "choices":[{"index":0,"message":{"role":"assistant","content":"Hello there!"},\
                            "finish_reason":"stop"}],\
                            "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""".formatted(model));
                }
            }
        }
    }

    /** The Responses API, as little of it as shows that requests and answers pass through untouched. */
    private static void respond(OutputStream out, JsonNode body, boolean stream, String model) throws IOException {
        if (!body.path("input").isArray() && !body.path("input").isTextual()) {
            respond(out, 400, "application/json", error("input is missing"));
            return;
        }
        String whole = """
                {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"%s","x_unknown":{"kept":true},\
                "output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant",\
                "content":[{"type":"output_text","text":"Hello there!","annotations":[]}]}],\
                "usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":0},"output_tokens":3,\
                "output_tokens_details":{"reasoning_tokens":0},"total_tokens":12}}""".formatted(model);
        if (!stream) {
            respond(out, 200, "application/json", whole);
            return;
        }
        head(out, "text/event-stream");
        String begun = whole.replaceAll("\"output\":\\[.*\\],\"usage\":.*", "\"output\":[],\"usage\":null}").replace("completed", "in_progress");
        chunk(out, "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":" + begun + "}\n\n");
        chunk(out, "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":1,\"response\":" + whole + "}\n\n");
        out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Streams two calls at once, or says what they gave; a call without its result is refused, as there. */
    private static void tools(OutputStream out, JsonNode body) throws IOException {
        StringBuilder results = new StringBuilder();
        int asked = 0;
        for (JsonNode message : body.path("messages")) {
            asked += message.path("tool_calls").size();
            if (message.path("role").asText().equals("tool")) {
                results.append("got: ").append(message.path("content").asText()).append("; ");
                asked--;
            }
        }
        if (asked != 0 || !body.path("stream").asBoolean()) {
            respond(out, 400, "application/json", error("tool_calls must be followed by tool messages, in a stream"));
            return;
        }
        head(out, "text/event-stream");
        if (results.isEmpty()) {
            for (int call = 0; call < 2; call++) {
                String name = body.at("/tools/" + call + "/function/name").asText();
                String index = "{\"tool_calls\":[{\"index\":" + call;
                chunk(out, event(index + ",\"id\":\"call_" + call + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"arguments\":\"\"}}]}", "null"));
                chunk(out, event(index + ",\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]}", "null"));
                chunk(out, event(index + ",\"function\":{\"arguments\":\"\\\"Paris\\\"}\"}}]}", "null"));
            }
            chunk(out, event("{}", "\"tool_calls\""));
        } else {
            chunk(out, event("{\"content\":\"" + results + "\"}", "null"));
            chunk(out, event("{}", "\"stop\""));
        }
        chunk(out, "data: [DONE]\n\n");
        out.write("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void breakOff(String how, Socket socket, InputStream in, OutputStream out) throws IOException {
        head(out, "text/event-stream");
        chunk(out, event("{\"content\":\"one\"}", "null"));
        chunk(out, event("{\"content\":\"two\"}", "null"));
        switch (how) {
            case "stall" -> in.read();
            case "reset" -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            default -> {
                while (true) {
                    chunk(out, event("{\"content\":\"more\"}", "null"));
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            }
        }
    }

    private static String event(String delta, String finish) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static String error(String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"fake_error\",\"param\":null,\"code\":null}}";
    }

    private static void head(OutputStream out, String type) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void respond(OutputStream out, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write(("HTTP/1.1 " + status + " Status\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length
                        + (status == 429 ? "\r\nRetry-After: 7" : "") + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
