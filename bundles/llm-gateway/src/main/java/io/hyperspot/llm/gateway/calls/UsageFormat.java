// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import com.fasterxml.jackson.core.JsonParser;
import io.hyperspot.llm.Usage;
import java.io.IOException;

/** How a protocol's answers tell what was used. Stateless. */
public interface UsageFormat {
    /** The member that holds it, an object, in whole answers and in events; plain ASCII. */
    String member();

    /**
     * Reads one such object.
     *
     * @param usage before its first token
     * @param before what an earlier event of the same answer said, else {@link Usage#NONE}
     * @throws IOException when it is not such an object after all
     */
    Usage read(JsonParser usage, Usage before) throws IOException;
}
