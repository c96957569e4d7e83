// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A protocol handler with an operation for each way to behave. */
final class FakeProtocol implements ProtocolHandler {
    private static final Permission CALL = Permission.parse("gts.hyperspot.test.*:call");
    static final int MAX_BODY = 1000;

    /** Requests that wait now. */
    final AtomicInteger waiting = new AtomicInteger();

    /** Requests whose cancellation was seen. */
    final AtomicInteger cancelled = new AtomicInteger();

    /** Lets those go that wait at {@code /gate}. */
    volatile CountDownLatch gate = new CountDownLatch(1);

    boolean ownErrors;

    @Override
    public String path() {
        return "/p";
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                new Operation("GET", "/hello", CALL, null, 0),
                new Operation("GET", "/public", null, null, 0),
                new Operation("POST", "/echo", CALL, null, MAX_BODY),
                new Operation("PUT", "/echo", CALL, null, MAX_BODY),
                new Operation("GET", "/wild/*", CALL, null, 0),
                new Operation("GET", "/query", CALL, null, 0),
                new Operation("GET", "/gate", CALL, null, 0),
                new Operation("GET", "/endless", CALL, null, 0),
                new Operation("GET", "/json", CALL, null, 0),
                new Operation("GET", "/events", CALL, null, 0),
                new Operation("GET", "/boom", CALL, null, 0),
                new Operation("GET", "/none", CALL, null, 0),
                new Operation("GET", "/late", CALL, null, 0),
                new Operation("GET", "/busy", CALL, null, 0));
    }

    @Override
    public @Nullable ErrorBody error(ProblemException problem, String requestId) {
        return ownErrors
                ? new ErrorBody("text/plain", ("own:" + problem.code()).getBytes(StandardCharsets.UTF_8), Map.of("X-Own", "1"))
                : null;
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws Exception {
        switch (operation.path()) {
            case "/hello" -> text(exchange, "hello " + exchange.security().subject());
            case "/public" -> text(exchange, "anyone " + exchange.security().subject());
            case "/echo" -> {
                byte[] body = exchange.body();
                exchange.respond(200, "application/octet-stream", body);
            }
            case "/wild/*" -> text(exchange, exchange.path());
            case "/query" -> text(exchange, String.valueOf(exchange.query("a")));
            case "/gate" -> {
                CountDownLatch until = gate;
                waitFor(exchange, until);
                exchange.log("gate", "open\n=x");
                text(exchange, "through");
            }
            case "/endless" -> {
                exchange.start(200, "text/event-stream");
                exchange.cancellation().onCancel(cancelled::incrementAndGet);
                byte[] event = "data: more\n\n".getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 100_000; i++) {
                    exchange.write(event, 0, event.length);
                    Thread.sleep(5);
                }
            }
            case "/json" -> exchange.respond(200, "application/json", ("{\"a\":\"" + "x".repeat(5000) + "\"}").getBytes(StandardCharsets.UTF_8));
            case "/events" -> {
                exchange.start(200, "text/event-stream");
                byte[] event = ("data: " + "x".repeat(5000) + "\n\n").getBytes(StandardCharsets.UTF_8);
                exchange.write(event, 0, event.length);
                exchange.end();
            }
            case "/boom" -> throw new IllegalStateException("secret inside");
            case "/none" -> {}
            case "/late" -> {
                exchange.start(200, "text/plain");
                exchange.write(new byte[] {'a'}, 0, 1);
                throw new IllegalStateException("too late");
            }
            case "/busy" ->
                throw new ProblemException(
                        ErrorCategory.RESOURCE_EXHAUSTED, "BUSY", "wait a little", Map.of("retry_after_seconds", 9, "models", List.of("a")), null);
            default -> throw new AssertionError(operation.path());
        }
    }

    private void waitFor(Exchange exchange, CountDownLatch until) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        var registration = exchange.cancellation().onCancel(() -> {
            cancelled.incrementAndGet();
            end.countDown();
        });
        waiting.incrementAndGet();
        try (registration) {
            Thread opener = Thread.ofVirtual().start(() -> {
                try {
                    until.await();
                } catch (InterruptedException e) {
                    return;
                }
                end.countDown();
            });
            end.await();
            opener.interrupt();
        } finally {
            waiting.decrementAndGet();
        }
        if (exchange.cancellation().isCancelled()) {
            throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", String.valueOf(exchange.cancellation().reason()));
        }
    }

    private static void text(Exchange exchange, String text) throws Exception {
        exchange.respond(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
