// SPDX-License-Identifier: Apache-2.0
/** Inference by llama.cpp. Runs in the child JVM only; nothing of the server is there. */
@NullMarked
package io.hyperspot.llm.local.child;

import org.jspecify.annotations.NullMarked;
