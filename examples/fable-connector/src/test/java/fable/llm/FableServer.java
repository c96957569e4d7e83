package fable.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Fable, on loopback. What it is told decides how it answers. */
final class FableServer implements AutoCloseable {
    static final String KEY = "once-upon-a-time";
    static final String ENDLESS = "the endless story";
    static final String SILENT = "silence";

    private final ObjectMapper json = new ObjectMapper();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer server;

    FableServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/tales", this::tell);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v2";
    }

    private void tell(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = json.readTree(exchange.getRequestBody());
            String told = request.at("/lines/0/text").asText();
            if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-Fable-Key"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (!request.path("model").asText().equals("story")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (told.equals(SILENT)) {
                closing.await();
            } else {
                exchange.sendResponseHeaders(200, 0);
                tell(exchange.getResponseBody(), told);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(OutputStream out, String told) throws IOException {
        do {
            for (String word : ("Once upon a time: " + told).split("(?<= )")) {
                line(out, json.createObjectNode().put("piece", word).toString());
            }
        } while (told.equals(ENDLESS));
        line(out, "{\"end\":\"done\",\"read\":5,\"told\":9}");
    }

    private static void line(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
