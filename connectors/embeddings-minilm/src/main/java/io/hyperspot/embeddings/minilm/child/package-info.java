// SPDX-License-Identifier: Apache-2.0
/** Inference by ONNX Runtime. Runs in the child JVM only; nothing of the server is there. */
@NullMarked
package io.hyperspot.embeddings.minilm.child;

import org.jspecify.annotations.NullMarked;
