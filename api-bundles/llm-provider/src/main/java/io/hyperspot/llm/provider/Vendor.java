// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** How one vendor's REST API differs from the others'. Stateless; implemented by a connector. */
@ConsumerType
public interface Vendor {
    /**
     * The headers that every request carries, those that prove who sends it among them; made by {@link
     * Endpoint#header}.
     *
     * @param key empty: none is configured
     * @throws IllegalArgumentException for what a header cannot carry; names the setting, not its value
     */
    List<Header> headers(String key);

    /** What the text of an error document says, or empty. */
    String said(JsonNode error);

    /** A model of which no more than its name is known. */
    ModelInfo model(String name);

    /**
     * Asks the provider for its models.
     *
     * @throws IOException when it does not answer
     * @throws io.hyperspot.modkit.ProblemException when it does not answer with them
     */
    List<ModelInfo> list(Endpoint endpoint, Cancellation cancellation) throws IOException;

    /**
     * The headers that a request which is forwarded may carry, in lower case; all others are left out, that of
     * the key above all.
     */
    default List<String> accepted() {
        return List.of();
    }

    /** The headers of an answer that its client gets when it is forwarded, in lower case. */
    List<String> passed();

    /** The header by which the provider names its answer, in lower case. */
    String requestId();
}
