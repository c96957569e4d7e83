// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.spi.WireWorker;
import java.util.Map;

/**
 * What one request asks of a model, in its client's protocol. Its body has been read and looks right.
 *
 * @param path of the operation, relative to the protocol's base; one of few
 * @param headers that change what the body means
 * @param body not to be changed
 * @param translation for a worker whose provider speaks another protocol
 */
public record ClientCall(
        Protocol protocol,
        String path,
        Envelope envelope,
        Map<String, String> headers,
        byte[] body,
        Translation translation) {
    /** The request for a provider that speaks the protocol and calls the model by the given name. */
    WireWorker.Call forwarded(String model) {
        byte[] spliced = envelope.withModel(body, model);
        return new WireWorker.Call(protocol.name(), path, headers, spliced, 0, spliced.length);
    }
}
