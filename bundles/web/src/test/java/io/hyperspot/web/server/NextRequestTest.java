// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.ProtocolHandler;
import java.net.Socket;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a client sends while the server still watches whether it has left. */
class NextRequestTest extends WebFixture {
    private static final long MOST_NANOS = 2_000_000_000;

    private final ScriptedProtocol script = new ScriptedProtocol();
    private final AtomicReference<@Nullable AbstractEndPoint> watched = new AtomicReference<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);

    private void serve() throws Exception {
        script.on("GET", "/next", Limits.NO_BODY, exchange -> ScriptedProtocol.text(exchange, "the next"));
        script.on("POST", "/body", Limits.body(1000), exchange -> {
            byte[] body = exchange.body();
            exchange.respond(200, "text/plain", body);
        });
        script.on("GET", "/slow", Limits.NO_BODY, exchange -> {
            exchange.cancellation().onCancel(cancelled::incrementAndGet);
            watched.set(awaitWatched(exchange));
            go.await();
            ScriptedProtocol.text(exchange, "the first");
        });
        start(Map.of());
        context().registerService(ProtocolHandler.class, script, null);
    }

    /** Waits until the request is old enough to be watched. */
    private static AbstractEndPoint awaitWatched(Exchange exchange) {
        AbstractEndPoint connection = (AbstractEndPoint)
                ((JettyExchange) exchange).request().getConnectionMetaData().getConnection().getEndPoint();
        await().until(connection::isFillInterested);
        return connection;
    }

    private AbstractEndPoint awaitWatch() {
        return Objects.requireNonNull(await().until(watched::get, Objects::nonNull));
    }

    /** The watch has seen what came, and looks no more. */
    private static void awaitSeen(AbstractEndPoint connection) {
        await().until(() -> !connection.isFillInterested());
    }

    @Test
    void isNotLostWhenItArrivesWhileTheServerLooksWhetherTheClientHasLeft() throws Exception {
        // a selector tells of bytes that were read already: here it does so all the time
        script.on("GET", "/stale", Limits.NO_BODY, exchange -> {
            AbstractEndPoint connection = awaitWatched(exchange);
            ScriptedProtocol.text(exchange, "through");
            long end = System.nanoTime() + MOST_NANOS;
            while (connection.isFillInterested() && System.nanoTime() < end) {
                connection.getFillInterest().fillable();
            }
        });
        serve();
        try (Socket socket = socket("")) {
            for (int i = 0; i < 40; i++) {
                write(socket, head("GET", "/s/stale"));
                assertThat(readUntil(socket, "through")).as("answer " + i).endsWith("through");
            }
        }
    }

    @Test
    void isAnsweredWhenItIsSentBeforeTheAnswer() throws Exception {
        serve();
        try (Socket socket = socket(head("GET", "/s/slow"))) {
            AbstractEndPoint connection = awaitWatch();
            write(socket, head("POST", "/s/body", "Content-Length: 5") + "hello" + head("GET", "/s/next", "Connection: close"));
            awaitSeen(connection);
            go.countDown();
            assertThat(readUntil(socket, "never")).matches("(?s).*the first.*hello.*the next");
        }
        assertThat(cancelled).hasValue(0);
    }

    @Test
    void isAnsweredWhenItArrivesBitByBit() throws Exception {
        serve();
        String next = head("GET", "/s/next", "Connection: close");
        try (Socket socket = socket(head("GET", "/s/slow"))) {
            AbstractEndPoint connection = awaitWatch();
            write(socket, next.substring(0, 1));
            awaitSeen(connection);
            write(socket, next.substring(1, 2));
            go.countDown();
            assertThat(readUntil(socket, "the first")).endsWith("the first");
            write(socket, next.substring(2));
            assertThat(readUntil(socket, "never")).endsWith("the next");
        }
        assertThat(cancelled).hasValue(0);
    }

    @Test
    void isAnsweredWhenItsBeginningCameWithTheRequestBefore() throws Exception {
        serve();
        String next = head("GET", "/s/next", "Connection: close");
        try (Socket socket = socket(head("GET", "/p/gate") + next.substring(0, 20))) {
            await().until(() -> protocol.waiting.get() == 1);
            write(socket, next.substring(20));
            protocol.gate.countDown();
            assertThat(readUntil(socket, "never")).matches("(?s).*through.*the next");
        }
    }
}
