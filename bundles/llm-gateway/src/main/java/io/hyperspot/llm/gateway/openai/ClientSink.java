// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.util.Map;

/** Passes a provider's answer to the client as it comes, and notes what was used. */
final class ClientSink implements WireWorker.Sink {
    private static final int WHOLE = 1 << 20;

    private final Exchange exchange;
    private final UsageScanner usage = new UsageScanner();
    private int status;
    private String contentType = "application/json";
    private byte[] whole = new byte[0];
    private int filled;
    private boolean buffered;

    ClientSink(Exchange exchange) {
        this.exchange = exchange;
    }

    UsageScanner usage() {
        return usage;
    }

    @Override
    public void start(int answerStatus, String type, long length, Map<String, String> headers) throws IOException {
        status = answerStatus;
        contentType = type;
        headers.forEach(exchange::setHeader);
        if (length >= 0 && length <= WHOLE) {
            // a body of known, small length: one write
            buffered = true;
            whole = new byte[(int) length];
        } else {
            exchange.start(status, contentType);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        usage.scan(bytes, offset, length);
        if (buffered) {
            if (length > whole.length - filled) {
                throw wrongLength();
            }
            System.arraycopy(bytes, offset, whole, filled, length);
            filled += length;
        } else {
            exchange.write(bytes, offset, length);
        }
    }

    /** The answer is complete. */
    void finish() throws IOException {
        if (buffered) {
            if (filled < whole.length) {
                throw wrongLength();
            }
            exchange.respond(status, contentType, whole, 0, filled);
        } else {
            exchange.end();
        }
    }

    private static ProblemException wrongLength() {
        return new ProblemException(
                ErrorCategory.BAD_UPSTREAM, "BAD_ANSWER", "the provider's answer is not as long as it said");
    }
}
