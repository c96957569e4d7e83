// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.UpstreamException.Kind;
import java.io.IOException;

/** The answer is not what HTTP/1.1 allows, or what we take. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    ProtocolException(String message) {
        this(Kind.PROTOCOL, message);
    }

    ProtocolException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
