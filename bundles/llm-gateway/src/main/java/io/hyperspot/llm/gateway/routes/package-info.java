// SPDX-License-Identifier: Apache-2.0
/**
 * Routes: names of an operator's own, {@code route/{name}}, each for several models of which one answers. When one
 * fails before its answer has begun, the next is asked.
 */
@NullMarked
package io.hyperspot.llm.gateway.routes;

import org.jspecify.annotations.NullMarked;
