// SPDX-License-Identifier: Apache-2.0
/** Which worker answers for a model, and the client for other modules; knows no wire protocol. */
@NullMarked
package io.hyperspot.llm.gateway.domain;

import org.jspecify.annotations.NullMarked;
