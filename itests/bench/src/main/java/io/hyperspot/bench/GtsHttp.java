// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The operations of the GTS specification over HTTP: requests a second on a few connections that are kept,
 * each request sent when the answer before it is there.
 */
final class GtsHttp {
    private static final int CONNECTIONS = 8;
    private static final Duration WARM = Duration.ofSeconds(6);
    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final String BASE = "gts.bench.http.events.event.v1~";
    private static final String DERIVED = BASE + "bench.http._.order_placed.v1~";
    private static final String INSTANCE = DERIVED + "bench.http._.first.v1";
    private static final int OTHERS = 433;

    private final URI url;
    private final String key;

    private GtsHttp(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    /** @param args the server's URL and an API key that may register types */
    public static void main(String[] args) throws Exception {
        GtsHttp bench = new GtsHttp(URI.create(args[0]), args[1]);
        bench.fill();
        bench.report("health/live (the limit of the server and this client)", bench.request("GET", "/health/live", ""));
        bench.report("gts/parse-id", bench.request("GET", "/gts/parse-id?gts_id=" + DERIVED, ""));
        bench.report(
                "gts/validate-instance, derived type among " + (OTHERS + 3) + " entities",
                bench.request("POST", "/gts/validate-instance", "{\"instance_id\":\"" + INSTANCE + "\"}"));
    }

    private void fill() throws IOException {
        String schema = "\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",";
        post(schema(schema, BASE, "\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"string\"},\"payload\":{\"type\":\"object\"}}"));
        post(schema(
                schema,
                DERIVED,
                "\"allOf\":[{\"$ref\":\"gts://" + BASE + "\"},{\"required\":[\"payload\"],\"properties\":{\"payload\":{\"type\":\"object\","
                        + "\"required\":[\"order\"],\"properties\":{\"order\":{\"type\":\"string\"},\"total\":{\"type\":\"number\",\"minimum\":0}}}}}]"));
        post("{\"id\":\"" + INSTANCE + "\",\"payload\":{\"order\":\"o-1\",\"total\":12.5}}");
        for (int i = 0; i < OTHERS; i++) {
            post(schema(schema, "gts.bench.http.other.t" + i + ".v1~", "\"properties\":{\"a\":{\"type\":\"string\"}}"));
        }
    }

    private static String schema(String head, String id, String rest) {
        return "{" + head + "\"$id\":\"gts://" + id + "\"," + rest + "}";
    }

    private void post(String document) throws IOException {
        try (Connection connection = new Connection(url)) {
            String answer = connection.exchange(request("POST", "/gts/entities", document));
            if (!answer.contains("\"ok\":true")) {
                throw new IOException("not registered: " + answer);
            }
        }
    }

    private byte[] request(String method, String path, String body) {
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nAuthorization: Bearer " + key + "\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    private void report(String name, byte[] request) throws Exception {
        run(request, WARM);
        long started = System.nanoTime();
        long answers = run(request, MEASURED);
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf("%-70s %,9.0f requests/s%n", name, answers / seconds);
    }

    private long run(byte[] request, Duration duration) throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        AtomicLong answers = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                long own = 0;
                try (Connection connection = new Connection(url)) {
                    while (System.nanoTime() < end) {
                        connection.exchange(request);
                        own++;
                    }
                } catch (IOException e) {
                    failures.add(e);
                }
                answers.addAndGet(own);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException("a connection failed", failures.getFirst());
        }
        return answers.get();
    }

    /** One connection; reads an answer by its Content-Length. */
    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final byte[] line = new byte[8192];

        Connection(URI url) throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
        }

        String exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            int length = -1;
            String status = readLine();
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IOException(status);
            }
            for (String header = readLine(); !header.isEmpty(); header = readLine()) {
                if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            if (length < 0) {
                throw new IOException("an answer without Content-Length");
            }
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        private String readLine() throws IOException {
            int n = 0;
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection has ended");
                }
                line[n++] = (byte) c;
            }
            return new String(line, 0, n > 0 && line[n - 1] == '\r' ? n - 1 : n, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
