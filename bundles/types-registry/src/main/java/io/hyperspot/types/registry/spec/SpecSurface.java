// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.spec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.types.registry.store.Json;
import io.hyperspot.types.registry.store.Registry;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code /gts}: the operations of the specification, as its public test suite calls them. What is wrong
 * with an id or a document is said in the answer, with status 200; a document that cannot be registered is
 * answered 422, and everything else by a problem document.
 */
@Component(service = ProtocolHandler.class)
public final class SpecSurface implements ProtocolHandler {
    private static final Permission READ = Permission.parse("gts.hyperspot.core.types_registry.*:read");
    private static final Permission WRITE = Permission.parse("gts.hyperspot.core.types_registry.*:write");
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_BULK = 16 << 20;

    /** Answers one call; the body is that of the answer. */
    @FunctionalInterface
    private interface Call {
        Answer answer(Exchange exchange, SpecSession session) throws IOException;
    }

    private record Answer(int status, JsonNode body) {
        static Answer ok(JsonNode body) {
            return new Answer(200, body);
        }
    }

    private final Registry registry;
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final List<Operation> operations;

    @Activate
    public SpecSurface(@Reference Registry registry) {
        this.registry = registry;
        get("/entities", (exchange, session) -> Answer.ok(session.list(limit(exchange))));
        get("/entities/*", (exchange, session) -> Answer.ok(session.entity(exchange.path().substring("/entities/".length()))));
        get("/validate-id", (exchange, session) -> Answer.ok(Ids.validate(required(exchange, "gts_id"))));
        get("/parse-id", (exchange, session) -> Answer.ok(Ids.parse(required(exchange, "gts_id"))));
        get("/uuid", (exchange, session) -> Answer.ok(session.uuid(required(exchange, "gts_id"))));
        get("/match-id-pattern", (exchange, session) -> Answer.ok(session.match(required(exchange, "candidate"), required(exchange, "pattern"))));
        get("/resolve-relationships", (exchange, session) -> Answer.ok(session.relationships(required(exchange, "gts_id"))));
        get("/compatibility", (exchange, session) -> Answer.ok(session.compatibility(required(exchange, "old_type_id"), required(exchange, "new_type_id"))));
        get("/query", (exchange, session) -> Answer.ok(session.query(required(exchange, "expr"), limit(exchange))));
        get("/attr", (exchange, session) -> Answer.ok(session.attribute(required(exchange, "gts_with_path"))));
        post("/extract-id", (exchange, session) -> Answer.ok(SpecSession.extract(body(exchange))));
        post("/validate-instance", (exchange, session) -> Answer.ok(session.validateInstance(member(exchange, "instance_id"))));
        post("/validate-type-schema", (exchange, session) -> Answer.ok(session.validateType(member(exchange, "type_id"))));
        post("/validate-entity", (exchange, session) -> Answer.ok(session.validateEntity(entityId(body(exchange)))));
        post("/cast", (exchange, session) -> {
            JsonNode body = body(exchange);
            return Answer.ok(session.cast(text(body, "instance_id"), text(body, "to_type_id")));
        });
        operations = new ArrayList<>(calls.keySet().stream()
                .map(key -> {
                    int at = key.indexOf(' ');
                    String method = key.substring(0, at);
                    return new Operation(method, key.substring(at + 1), READ, null, method.equals("GET") ? 0 : MAX_BODY);
                })
                .toList());
        write("/entities", MAX_BODY, (exchange, session) -> {
            ObjectNode body = session.register(body(exchange), Boolean.parseBoolean(exchange.query("validate")), exchange.security().subject());
            return new Answer(body.path("ok").asBoolean() ? 200 : 422, body);
        });
        write("/entities/bulk", MAX_BULK, (exchange, session) -> Answer.ok(session.registerAll(body(exchange), exchange.security().subject())));
        write("/type-schemas", MAX_BODY, (exchange, session) -> {
            JsonNode body = body(exchange);
            ObjectNode answer = session.registerSchema(text(body, "type_id"), body.path("type_schema"), exchange.security().subject());
            return new Answer(answer.path("ok").asBoolean() ? 200 : 422, answer);
        });
    }

    private void get(String path, Call call) {
        calls.put("GET " + path, call);
    }

    private void post(String path, Call call) {
        calls.put("POST " + path, call);
    }

    private void write(String path, int maxBody, Call call) {
        post(path, call);
        operations.add(new Operation("POST", path, WRITE, null, maxBody));
    }

    @Override
    public String path() {
        return "/gts";
    }

    @Override
    public List<Operation> operations() {
        return operations;
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws IOException {
        Call call = calls.get(operation.method() + " " + operation.path());
        if (call == null) {
            throw new IllegalStateException("no call for " + operation.path());
        }
        SpecSession session = new SpecSession(registry.store(), exchange.security().tenant());
        Answer answer = call.answer(exchange, session);
        exchange.respond(answer.status(), "application/json", answer.body().toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String required(Exchange exchange, String name) {
        String value = exchange.query(name);
        if (value == null) {
            throw invalid("the query parameter '" + name + "' is missing");
        }
        return value;
    }

    private static int limit(Exchange exchange) {
        String text = exchange.query("limit");
        if (text == null) {
            return 100;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= 1000) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw invalid("the query parameter 'limit' is a number from 1 to 1000, not '" + text + "'");
    }

    private static JsonNode body(Exchange exchange) throws IOException {
        try {
            return Json.read(exchange.body());
        } catch (JacksonException e) {
            throw invalid("the body is " + Json.reason(e));
        }
    }

    private static String member(Exchange exchange, String name) throws IOException {
        return text(body(exchange), name);
    }

    private static String entityId(JsonNode body) {
        return text(body, body.has("gts_id") ? "gts_id" : "entity_id");
    }

    private static String text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isTextual()) {
            throw invalid("the body needs \"" + name + "\": \"<text>\"");
        }
        return value.textValue();
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "TYPES_REGISTRY_INVALID_REQUEST", detail + ".");
    }

    /** An empty answer to fill. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
