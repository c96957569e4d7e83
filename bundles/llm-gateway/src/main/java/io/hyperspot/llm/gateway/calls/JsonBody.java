// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.util.Set;

/** The body of a request that calls a model. */
public final class JsonBody {
    private JsonBody() {}

    /**
     * @throws ProblemException UNSUPPORTED_MEDIA_TYPE when it is not said to be JSON, or is compressed; what
     *     {@link Exchange#body} throws
     */
    public static byte[] read(Exchange exchange) throws IOException {
        String type = exchange.header("Content-Type");
        if (type == null || !type.regionMatches(true, 0, "application/json", 0, "application/json".length())) {
            throw new ProblemException(
                    ErrorCategory.UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    "send the body with 'Content-Type: application/json'");
        }
        String encoding = exchange.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    ErrorCategory.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_ENCODING", "compressed request bodies are not taken");
        }
        return exchange.body();
    }

    /** What a request says besides what is known and what is not missed: without nulls, which say nothing. */
    public static ObjectNode besides(ObjectNode request, Set<String> known, Set<String> harmless) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        request.properties().forEach(member -> {
            String name = member.getKey();
            if (!member.getValue().isNull() && !known.contains(name) && !harmless.contains(name)) {
                rest.set(name, member.getValue());
            }
        });
        return rest;
    }
}
