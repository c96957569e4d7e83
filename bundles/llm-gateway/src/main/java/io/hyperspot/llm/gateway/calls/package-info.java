// SPDX-License-Identifier: Apache-2.0
/**
 * One call of a model, whatever the client's protocol: the worker's lease, the choice between forwarding and
 * translating, the client's answer, what was used, and the metrics of it.
 */
@NullMarked
package io.hyperspot.llm.gateway.calls;

import org.jspecify.annotations.NullMarked;
