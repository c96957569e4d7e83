// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A public protocol handler below {@code /s} whose operations a test writes. */
final class ScriptedProtocol implements ProtocolHandler {
    /** What an operation does. */
    @FunctionalInterface
    interface Script {
        void run(Exchange exchange) throws Exception;
    }

    private final Map<Operation, Script> scripts = new LinkedHashMap<>();
    boolean ownShape;

    ScriptedProtocol on(String method, String path, Limits limits, Script script) {
        scripts.put(new Operation(method, path, null, null, limits), script);
        return this;
    }

    @Override
    public String path() {
        return "/s";
    }

    @Override
    public List<Operation> operations() {
        return List.copyOf(scripts.keySet());
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws Exception {
        Objects.requireNonNull(scripts.get(operation)).run(exchange);
    }

    @Override
    public @Nullable ErrorBody error(ProblemException problem, String requestId) {
        return ownShape
                ? new ErrorBody("text/plain", ("own:" + problem.code()).getBytes(StandardCharsets.UTF_8), Map.of())
                : null;
    }

    @Override
    public byte @Nullable [] errorEvent(ProblemException problem, String requestId) {
        return ownShape ? ("data: own:" + problem.code() + "\n\n").getBytes(StandardCharsets.UTF_8) : null;
    }

    static void text(Exchange exchange, String text) throws Exception {
        exchange.respond(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
