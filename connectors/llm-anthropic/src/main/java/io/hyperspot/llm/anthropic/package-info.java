// SPDX-License-Identifier: Apache-2.0
/**
 * The connector to Anthropic's Messages API: forwards requests of that protocol byte for byte, in the version that
 * the client asks for, and translates the others into version 2023-06-01, the last that takes a temperature.
 */
@NullMarked
package io.hyperspot.llm.anthropic;

import org.jspecify.annotations.NullMarked;
