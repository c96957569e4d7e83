// SPDX-License-Identifier: Apache-2.0
/**
 * The connector to Anthropic's Messages API (version 2023-06-01, as documented in November 2025): forwards
 * requests of that protocol byte for byte and translates the others.
 */
@NullMarked
package io.hyperspot.llm.anthropic;

import org.jspecify.annotations.NullMarked;
