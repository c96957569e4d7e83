// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.spi;

import io.hyperspot.modkit.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Serves everything below a path, after the chain has authenticated, limited and authorized the
 * request as its {@link Operation} declares. An OSGi service; thread-safe. For surfaces whose wire
 * shape is not ours (OpenAI, MCP) or that are hot; everything else is a Jakarta REST resource.
 */
@ConsumerType
public interface ProtocolHandler {
    /** Where it is mounted, for example {@code /openai/v1}. */
    String path();

    /** What it serves; constant. */
    List<Operation> operations();

    /**
     * Answers one request on its own virtual thread. When it throws a {@link ProblemException}
     * before the first byte, the chain renders it with {@link #error}; after that, with {@link
     * #errorEvent} in a stream of events, else it breaks the connection off. Any other exception becomes
     * INTERNAL and is logged.
     */
    void handle(Exchange exchange, Operation operation) throws Exception;

    /**
     * Renders an error in the protocol's own shape, including those of the chain (401, 404, 413,
     * 429). Null, the default: a problem document.
     */
    default @Nullable ErrorBody error(ProblemException problem, String requestId) {
        return null;
    }

    /**
     * Renders an error that ends a stream of events which has started, as a whole event in the protocol's
     * own shape. Null, the default: an event named {@code error} with the body of {@link #error} as data.
     */
    default byte @Nullable [] errorEvent(ProblemException problem, String requestId) {
        return null;
    }

    /** An error answer's body and headers. */
    record ErrorBody(String contentType, byte[] body, Map<String, String> headers) {}
}
