// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An answer whose body is read from its connection. */
final class Answer implements ProviderResponse, Body.Wait {
    private static final int FIRST_GUESS = 4096;
    private static final int TRUSTED = 1 << 16;

    private final AnswerHead head;
    private final Body body;
    private final boolean sent;
    private final Connection connection;
    private final ConnectionPool pool;
    private final Exchange exchange;
    private final Cancellation.Registration registration;
    private final long idleNanos;
    private final ProviderMetrics metrics;
    private boolean failed;
    private boolean closed;

    Answer(
            AnswerHead head,
            Body body,
            boolean sent,
            Connection connection,
            ConnectionPool pool,
            Exchange exchange,
            Cancellation.Registration registration,
            long idleNanos,
            ProviderMetrics metrics) {
        this.head = head;
        this.body = body;
        this.sent = sent;
        this.connection = connection;
        this.pool = pool;
        this.exchange = exchange;
        this.registration = registration;
        this.idleNanos = idleNanos;
        this.metrics = metrics;
    }

    @Override
    public int status() {
        return head.status();
    }

    @Override
    public @Nullable String header(String name) {
        return head.header(name);
    }

    @Override
    public long length() {
        return body instanceof Body.Sized && body.isEnded() && head.length() < 0 ? 0 : head.length();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws UpstreamException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            throw new IllegalArgumentException("there is no room to read into");
        }
        if (closed || failed) {
            throw exchange.failure(Kind.CLOSED, "the answer was closed or has failed");
        }
        try {
            int count = body.read(connection, this, target, offset, length);
            if (exchange.isAborted()) {
                throw fail(exchange.failure(Kind.CANCELLED, "aborted"));
            }
            return count;
        } catch (ProtocolException e) {
            throw fail(exchange.failure(e.kind(), e.getMessage() == null ? "" : e.getMessage()));
        } catch (UpstreamException e) {
            throw e;
        } catch (IOException e) {
            throw fail(exchange.failure(Kind.CLOSED, "it closed the connection within its answer", e));
        }
    }

    @Override
    public boolean fill() throws IOException {
        exchange.expect(Exchange.Phase.IDLE, idleNanos);
        boolean more = connection.fill();
        exchange.proceed();
        return more;
    }

    @Override
    public int direct(byte[] target, int offset, int length) throws IOException {
        exchange.expect(Exchange.Phase.IDLE, idleNanos);
        int count = connection.readDirect(target, offset, length);
        exchange.proceed();
        return count;
    }

    private UpstreamException fail(UpstreamException e) {
        failed = true;
        metrics.failed(e.kind());
        connection.kill();
        return e;
    }

    @Override
    public byte[] readAll(int maxBytes) throws UpstreamException {
        if (head.length() > maxBytes && !body.isEnded()) {
            throw tooLarge(maxBytes);
        }
        // A declared length is only a claim: memory is taken as bytes arrive.
        long guess = head.length() >= 0 ? Math.min(head.length(), TRUSTED) : FIRST_GUESS;
        byte[] all = new byte[Math.clamp(guess, 1, Math.max(1, maxBytes))];
        int filled = 0;
        while (true) {
            if (filled == all.length) {
                if (body.isEnded()) {
                    break;
                }
                all = Arrays.copyOf(all, (int) Math.min(2L * all.length, Math.min(maxBytes + 1L, Integer.MAX_VALUE - 8L)));
            }
            int count = read(all, filled, all.length - filled);
            if (count < 0) {
                break;
            }
            filled += count;
            if (filled > maxBytes) {
                throw tooLarge(maxBytes);
            }
        }
        return filled == all.length ? all : Arrays.copyOf(all, filled);
    }

    private UpstreamException tooLarge(int maxBytes) {
        return fail(exchange.failure(Kind.TOO_LARGE, "the answer is larger than " + maxBytes + " bytes"));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        registration.close();
        boolean proper = exchange.finish() && !failed && body.isEnded();
        // Bytes behind the end were not asked for; nobody may take them for the next answer.
        boolean clean = connection.position == connection.limit && !(head.status() == 204 && hasFraming());
        if (proper && sent && clean && head.keepsConnection()) {
            pool.giveBack(connection);
        } else {
            pool.discard(connection);
        }
    }

    private boolean hasFraming() {
        return head.isChunked() || head.length() > 0;
    }
}
