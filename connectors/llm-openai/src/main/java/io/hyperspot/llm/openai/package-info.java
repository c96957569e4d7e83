// SPDX-License-Identifier: Apache-2.0
/**
 * The connector to every endpoint that speaks OpenAI's REST API: forwards requests of that protocol
 * byte for byte, translates the others, and keeps the endpoint's list of models.
 */
@NullMarked
package io.hyperspot.llm.openai;

import org.jspecify.annotations.NullMarked;
