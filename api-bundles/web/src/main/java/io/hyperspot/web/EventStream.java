// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Server-sent events (WHATWG HTML, section 9.2) as the answer of a request. A REST resource takes one
 * by {@code @Context EventStream}, a protocol handler by {@link io.hyperspot.web.spi.Exchange#events()}:
 *
 * <pre>{@code
 * @GET
 * @Path("ticks")
 * @Produces("text/event-stream")
 * public void ticks(@Context EventStream events) throws Exception {
 *     for (Tick tick : ticks) {
 *         events.send("tick", tick.id(), tick.json());
 *     }
 * }
 * }</pre>
 *
 * <p>The answer starts with the first event or, while the producer is silent, with the first
 * keep-alive comment; until then, whatever is thrown is answered with its own status. After that it is
 * sent as an event named {@code error} with the problem document as its data, or in the protocol's own
 * shape. A producer that is silent for the idle deadline is cancelled.
 *
 * <p>Every event is flushed; a call blocks while the client reads slowly. Thread-safe.
 */
@ProviderType
public interface EventStream extends AutoCloseable {
    /**
     * Starts the answer without an event.
     *
     * @throws IOException when the client is gone
     */
    void open() throws IOException;

    /**
     * Sends one event.
     *
     * @param event its name, or null for {@code message}
     * @param id what a client sends as {@code Last-Event-ID} when it comes back, or null
     * @param data sent as one {@code data} field for each of its lines
     * @throws IllegalArgumentException when name or id has a line break or a NUL
     * @throws io.hyperspot.modkit.ProblemException DEADLINE_EXCEEDED when a deadline has passed
     * @throws IOException when the client is gone or the stream is closed
     */
    void send(@Nullable String event, @Nullable String id, String data) throws IOException;

    /** Sends a {@code message} without an id. */
    default void send(String data) throws IOException {
        send(null, null, data);
    }

    /**
     * Passes on bytes that are in the event stream format already, whole events or parts of them.
     *
     * @throws io.hyperspot.modkit.ProblemException DEADLINE_EXCEEDED when a deadline has passed
     * @throws IOException when the client is gone or the stream is closed
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Whether the answer has started. */
    boolean isOpen();

    /** Ends the answer; one that has not started is an empty stream. Idempotent. */
    @Override
    void close() throws IOException;
}
