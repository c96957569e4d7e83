// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.spi.WireWorker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What one request asks of a model, in its client's protocol. Its body has been read and looks right.
 *
 * @param path of the operation, relative to the protocol's base, with {@link #MODEL} where its URL names the model;
 *     one of few
 * @param query of a forwarded request, from its question mark on; empty: none
 * @param headers that change what the body means
 * @param body not to be changed
 * @param named the body for a provider that speaks the protocol
 * @param translation for a worker whose provider speaks another protocol
 */
public record ClientCall(
        Protocol protocol,
        Task task,
        String path,
        String query,
        Envelope envelope,
        Map<String, String> headers,
        byte[] body,
        Named named,
        Translation translation) {
    /** The place of the model's name in a path. */
    public static final String MODEL = "{model}";

    /** A body in which the model has its provider's own name, wherever it is named. */
    @FunctionalInterface
    public interface Named {
        byte[] with(String model);
    }

    /** A call of a protocol that names the model in the body. */
    public ClientCall(
            Protocol protocol,
            Task task,
            String path,
            Envelope envelope,
            Map<String, String> headers,
            byte[] body,
            Translation translation) {
        this(protocol, task, path, "", envelope, headers, body, model -> envelope.withModel(body, model), translation);
    }

    /** The request for a provider that speaks the protocol and calls the model by the given name. */
    WireWorker.Call forwarded(String model) {
        byte[] bytes = named.with(model);
        String target = path.contains(MODEL) ? path.replace(MODEL, encoded(model)) : path;
        return new WireWorker.Call(protocol.name(), target + query, headers, bytes, 0, bytes.length);
    }

    /** As a part of a path; a model's name may have slashes, which stay. */
    private static String encoded(String model) {
        return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }
}
