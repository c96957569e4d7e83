// SPDX-License-Identifier: Apache-2.0
/**
 * {@code /gemini/v1beta}: what clients of Google's Gemini API need, as its reference described it in November 2026.
 */
@NullMarked
package io.hyperspot.llm.gateway.gemini;

import org.jspecify.annotations.NullMarked;
