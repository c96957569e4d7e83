// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Members of a request that the contract has no place for, as the client's protocol wrote them. A worker
 * that speaks this protocol passes them on; any other refuses them with {@link ChatRequest#refuseForeign}
 * rather than dropping what the client meant.
 *
 * @param protocol one of those of {@link io.hyperspot.llm.spi.WireWorker}
 * @param members never empty; not to be changed
 */
public record Extra(String protocol, ObjectNode members) {}
