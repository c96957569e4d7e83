// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.store.Json;
import io.hyperspot.web.EventStream;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.MultipartLimits;
import jakarta.ws.rs.core.EntityPart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One request and what was answered. */
final class SpecCall implements Exchange {
    private static final SecurityContext SOMEBODY =
            new SecurityContext("user:a", TenantId.of("0192f0c1-2345-7000-8000-00000000000a"), List.of());

    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final String body;
    private int status;
    private @Nullable JsonNode answer;

    SpecCall(String method, String path, Map<String, String> query, String body) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.body = body;
    }

    int status() {
        return status;
    }

    JsonNode answer() {
        return Objects.requireNonNull(answer, "nothing was answered");
    }

    @Override
    public SecurityContext security() {
        return SOMEBODY;
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
        return query.get(name);
    }

    @Override
    public byte[] body() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void respond(int code, String contentType, byte[] bytes, int offset, int length) {
        status = code;
        if (!contentType.equals("application/json")) {
            throw new AssertionError(contentType);
        }
        try {
            answer = Json.read(Arrays.copyOfRange(bytes, offset, offset + length));
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String requestId() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String header(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<EntityPart> parts(MultipartLimits limits) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellation cancellation() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void log(String key, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setHeader(String name, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void start(int code, String contentType) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventStream events() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventStream events(Duration heartbeat, Duration idle) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean started() {
        return status != 0;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void end() {
        throw new UnsupportedOperationException();
    }
}
