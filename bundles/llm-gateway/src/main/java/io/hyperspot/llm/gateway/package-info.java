// SPDX-License-Identifier: Apache-2.0
/** The LLM gateway's component: wires the domain and the protocol surfaces. */
@NullMarked
package io.hyperspot.llm.gateway;

import org.jspecify.annotations.NullMarked;
