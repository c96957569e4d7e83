// SPDX-License-Identifier: Apache-2.0
/** The surface for Anthropic's clients: {@code /anthropic/v1}, API version 2023-06-01 as documented in November 2025. */
@NullMarked
package io.hyperspot.llm.gateway.anthropic;

import org.jspecify.annotations.NullMarked;
