// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import io.hyperspot.web.spi.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;

/** The headers of a request that change what its body means. */
final class ProtocolHeaders {
    private static final String[] NAMES = {"anthropic-version", "anthropic-beta"};

    private ProtocolHeaders() {}

    static Map<String, String> of(Exchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = exchange.header(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return headers;
    }
}
