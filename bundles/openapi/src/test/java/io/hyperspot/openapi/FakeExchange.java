// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A GET request and what was answered; only what this module's handlers use. */
final class FakeExchange {
    final Map<String, String> answerHeaders = new HashMap<>();
    int status;
    String contentType = "";
    byte[] body = {};

    private final String path;
    private final Map<String, String> headers;

    private FakeExchange(String path, Map<String, String> headers) {
        this.path = path;
        this.headers = headers;
    }

    static FakeExchange get(ProtocolHandler handler, String path, Map<String, String> headers) throws Exception {
        FakeExchange fake = new FakeExchange(path, headers);
        Exchange exchange = (Exchange) Proxy.newProxyInstance(
                FakeExchange.class.getClassLoader(),
                new Class<?>[] {Exchange.class},
                (proxy, method, arguments) -> fake.call(method.getName(), arguments == null ? new Object[0] : arguments));
        handler.handle(exchange, new Operation("GET", path, null, null, 0));
        return fake;
    }

    static FakeExchange get(ProtocolHandler handler) throws Exception {
        return get(handler, "", Map.of());
    }

    private @Nullable Object call(String method, Object[] arguments) {
        return switch (method) {
            case "path" -> path;
            case "header" -> headers.get(arguments[0]);
            case "setHeader" -> answerHeaders.put((String) arguments[0], (String) arguments[1]);
            case "respond" -> {
                status = (int) arguments[0];
                contentType = (String) arguments[1];
                body = ((byte[]) arguments[2]).clone();
                yield null;
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    String header(String name) {
        return Objects.requireNonNull(answerHeaders.get(name), name);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
