// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.EventStream;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passes a provider's answer to the client as it comes, and notes what was used. */
final class ClientSink implements WireWorker.Sink {
    private static final int WHOLE = 1 << 20;
    private static final String EVENTS = "text/event-stream";

    /** How the answer goes out. */
    private enum Mode {
        /** A body of known, small length: one write. */
        WHOLE,
        PARTS,
        EVENTS,
        /** A document as one event: heartbeats were sent before it came. */
        LAST_EVENT
    }

    private final Exchange exchange;
    private final String errorEvent;
    private final UsageScanner usage;
    private final boolean last;
    private int status;
    private long begunNanos;
    private String contentType = "application/json";
    private Mode mode = Mode.WHOLE;
    private byte[] whole = {};
    private int filled;
    private @Nullable EventStream events;

    /**
     * @param last whether the client gets failures too: there is nobody else to ask
     */
    ClientSink(Exchange exchange, ClientCall call, boolean last) {
        this.exchange = exchange;
        this.last = last;
        errorEvent = call.protocol().errorEvent();
        usage = new UsageScanner(call.protocol().usage());
    }

    /** As the provider answered; 0: it has not. */
    int status() {
        return status;
    }

    /** When the client's answer began, by {@link System#nanoTime}; 0: it has not. */
    long begunNanos() {
        return begunNanos;
    }

    /** Events of a stream that have passed. */
    int sent() {
        return mode == Mode.EVENTS ? usage.events() : 0;
    }

    /** What was used, as far as the answer has told. */
    Usage usage() {
        return usage.usage();
    }

    @Override
    public void start(int answerStatus, String type, long length, Map<String, String> headers) throws IOException {
        status = answerStatus;
        ProblemException passing = last ? null : Passing.problem(status);
        if (passing != null) {
            throw passing;
        }
        begunNanos = System.nanoTime();
        contentType = type;
        headers.forEach(exchange::setHeader);
        if (status == 200 && type.startsWith(EVENTS)) {
            mode = Mode.EVENTS;
            events = exchange.events();
        } else if (exchange.started()) {
            mode = Mode.LAST_EVENT;
            whole = new byte[length >= 0 ? (int) Math.min(length, WHOLE) : WHOLE];
        } else if (length >= 0 && length <= WHOLE) {
            mode = Mode.WHOLE;
            whole = new byte[(int) length];
        } else {
            mode = Mode.PARTS;
            exchange.start(status, contentType);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        usage.scan(bytes, offset, length);
        EventStream stream = events;
        if (stream != null) {
            stream.write(bytes, offset, length);
        } else if (mode == Mode.PARTS) {
            exchange.write(bytes, offset, length);
        } else {
            if (length > whole.length - filled) {
                throw wrongLength();
            }
            System.arraycopy(bytes, offset, whole, filled, length);
            filled += length;
        }
    }

    /** The answer is complete. */
    void finish() throws IOException {
        switch (mode) {
            case WHOLE -> {
                if (filled < whole.length) {
                    throw wrongLength();
                }
                if (exchange.started()) {
                    // a heartbeat was faster
                    lastEvent();
                } else {
                    exchange.respond(status, contentType, whole, 0, filled);
                }
            }
            case LAST_EVENT -> lastEvent();
            case PARTS, EVENTS -> exchange.end();
        }
    }

    private void lastEvent() throws IOException {
        String event = status >= 400 && !errorEvent.isEmpty() ? errorEvent : null;
        exchange.events().send(event, null, new String(whole, 0, filled, StandardCharsets.UTF_8));
        exchange.end();
    }

    private static ProblemException wrongLength() {
        return new ProblemException(
                ErrorCategory.BAD_UPSTREAM, "BAD_ANSWER", "the provider's answer is not as long as it said");
    }
}
