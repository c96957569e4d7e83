// SPDX-License-Identifier: Apache-2.0
/**
 * Offers the GGUF models of a folder. Runs in the server; the inference is in the child JVM, see
 * {@link io.hyperspot.llm.local.child}.
 */
@NullMarked
package io.hyperspot.llm.local;

import org.jspecify.annotations.NullMarked;
