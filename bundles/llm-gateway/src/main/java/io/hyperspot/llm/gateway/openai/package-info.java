// SPDX-License-Identifier: Apache-2.0
/** The OpenAI REST protocol: its wire shapes in and out, byte-for-byte where the provider speaks it. */
@NullMarked
package io.hyperspot.llm.gateway.openai;

import org.jspecify.annotations.NullMarked;
