// SPDX-License-Identifier: Apache-2.0
/**
 * The surface for Anthropic's clients: {@code /anthropic/v1}, the API's versions 2023-06-01 and 2026-10-21 as
 * documented in November 2026.
 */
@NullMarked
package io.hyperspot.llm.gateway.anthropic;

import org.jspecify.annotations.NullMarked;
