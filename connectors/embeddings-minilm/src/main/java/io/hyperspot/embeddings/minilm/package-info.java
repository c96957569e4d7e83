// SPDX-License-Identifier: Apache-2.0
/**
 * Embeddings by all-MiniLM-L6-v2. Runs in the server; the inference is in the child JVM, see {@link
 * io.hyperspot.embeddings.minilm.child}.
 */
@NullMarked
package io.hyperspot.embeddings.minilm;

import org.jspecify.annotations.NullMarked;
