// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;

/** In place of a client whose configuration cannot be used, so that calls get told. */
final class UnusableClient implements ProviderClient {
    private final String why;

    UnusableClient(String why) {
        this.why = why;
    }

    @Override
    public ProviderResponse send(Request request, Cancellation cancellation) throws UpstreamException {
        throw new UpstreamException(Kind.FORBIDDEN, why);
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
