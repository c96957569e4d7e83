// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests and answers through byte for byte. What can be known before the client gets its
 * first byte is checked before: then a failure is a clear error, not a broken answer.
 */
final class Forwarding {
    private static final int BUFFER = 4096;

    /** An answer up to here is read whole before it is passed on. */
    private static final int WHOLE = 1 << 18;

    private final Endpoint endpoint;
    private final Problems problems;
    private final List<String> passed;
    private final String requestId;

    Forwarding(Endpoint endpoint, Problems problems, Vendor vendor) {
        this.endpoint = endpoint;
        this.problems = problems;
        passed = vendor.passed();
        requestId = vendor.requestId();
    }

    void forward(WireWorker.Call call, WireWorker.Sink sink, Cancellation cancellation) throws IOException {
        try (ProviderResponse answer =
                endpoint.post(
                call.path(), call.headers(), call.body(), call.offset(), call.length(), cancellation)) {
            int status = answer.status();
            if (status == 401 || status == 403) {
                throw problems.keyRefused(status);
            }
            if (status < 400 && status >= 300) {
                throw problems.redirected(status);
            }
            String type = answer.header("content-type");
            if (isEventStream(type)) {
                stream(answer, type, sink);
            } else {
                document(answer, type == null ? "application/json" : type, sink);
            }
        } catch (UpstreamException e) {
            throw problems.of(e);
        }
    }

    static boolean isEventStream(@Nullable String type) {
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    private void stream(ProviderResponse answer, @Nullable String type, WireWorker.Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int count = answer.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw problems.garbage("an empty stream", null);
        }
        sink.start(answer.status(), type == null ? "text/event-stream" : type, answer.length(), headers(answer));
        for (; count >= 0; count = answer.read(buffer, 0, buffer.length)) {
            sink.write(buffer, 0, count);
        }
    }

    private void document(ProviderResponse answer, String type, WireWorker.Sink sink) throws IOException {
        int status = answer.status();
        long declared = answer.length();
        byte[] buffer = new byte[declared >= 0 ? Math.clamp(declared, 1, WHOLE) : BUFFER];
        int filled = 0;
        boolean ended = false;
        while (filled < WHOLE) {
            if (filled == buffer.length) {
                if (filled == declared) {
                    ended = true;
                    break;
                }
                buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, WHOLE));
            }
            int count = answer.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                ended = true;
                break;
            }
            filled += count;
        }
        if (status >= 400 && ended) {
            byte[] masked = masked(buffer, filled);
            sink.start(status, type, masked.length, headers(answer));
            sink.write(masked, 0, masked.length);
            return;
        }
        if (status < 300 && !startsObject(buffer, filled)) {
            throw problems.garbage("status " + status + " without a JSON object", null);
        }
        sink.start(status, type, ended ? filled : declared, headers(answer));
        sink.write(buffer, 0, filled);
        if (!ended) {
            for (int count; (count = answer.read(buffer, 0, buffer.length)) >= 0; ) {
                sink.write(buffer, 0, count);
            }
        }
    }

    /** An error may repeat the key that was sent; the caller must not get to know it. Else byte for byte. */
    private byte[] masked(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        return problems.masked(text).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean startsObject(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '{') {
                return true;
            }
            if (bytes[i] != ' ' && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') {
                return false;
            }
        }
        return false;
    }

    private Map<String, String> headers(ProviderResponse answer) {
        Map<String, String> headers = new HashMap<>();
        for (String name : passed) {
            String value = answer.header(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        String id = answer.header(requestId);
        if (id != null) {
            headers.put("x-upstream-request-id", id);
        }
        return headers;
    }
}
