// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.web.EventStream;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.MultipartLimits;
import jakarta.ws.rs.core.EntityPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request in memory, and what was answered. */
public final class FakeExchange implements Exchange {
    public final Map<String, String> headers = new HashMap<>();
    public final Map<String, String> queries = new HashMap<>();
    public final Map<String, String> answerHeaders = new HashMap<>();
    public final Map<String, String> log = new HashMap<>();
    public final Cancellation cancellation = new Cancellation();
    public final ByteArrayOutputStream out = new ByteArrayOutputStream();
    public int status;
    public String contentType = "";
    public boolean ended;
    public boolean clientGone;

    private final String method;
    private final String path;
    private final byte[] body;

    public FakeExchange(String method, String path, String body) {
        this.method = method;
        this.path = path;
        this.body = body.getBytes(StandardCharsets.UTF_8);
        headers.put("content-type", "application/json");
    }

    public static FakeExchange post(String path, String body) {
        return new FakeExchange("POST", path, body);
    }

    public String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public JsonNode json() throws IOException {
        return new ObjectMapper().readTree(text());
    }

    /** The data of the events of a stream. */
    public List<String> data() {
        return text().lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    @Override
    public String requestId() {
        return "req-1";
    }

    @Override
    public SecurityContext security() {
        return new SecurityContext("key:test", TenantId.ROOT, List.of(Permission.ALL));
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query(String name) {
        return queries.get(name);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public void log(String key, String value) {
        log.put(key, value);
    }

    @Override
    public void setHeader(String name, String value) {
        answerHeaders.put(name, value);
    }

    @Override
    public void respond(int code, String type, byte[] bytes, int offset, int length) throws IOException {
        start(code, type);
        write(bytes, offset, length);
        end();
    }

    @Override
    public void start(int code, String type) {
        if (status != 0) {
            throw new IllegalStateException("started twice");
        }
        status = code;
        contentType = type;
    }

    @Override
    public boolean started() {
        return status != 0;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (clientGone) {
            cancellation.cancel("the client left");
            throw new IOException("the client left");
        }
        if (ended) {
            throw new IllegalStateException("ended");
        }
        out.write(bytes, offset, length);
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public List<EntityPart> parts(MultipartLimits limits) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventStream events() {
        return events(Duration.ZERO, Duration.ZERO);
    }

    @Override
    public EventStream events(Duration heartbeat, Duration idle) {
        return new EventStream() {
            @Override
            public void open() {
                if (status == 0) {
                    start(200, "text/event-stream");
                }
            }

            @Override
            public void send(@Nullable String event, @Nullable String id, String data) throws IOException {
                byte[] bytes = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
                write(bytes, 0, bytes.length);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                open();
                FakeExchange.this.write(bytes, offset, length);
            }

            @Override
            public boolean isOpen() {
                return contentType.equals("text/event-stream");
            }

            @Override
            public void close() {
                end();
            }
        };
    }
}
