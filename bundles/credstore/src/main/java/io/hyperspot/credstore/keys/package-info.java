// SPDX-License-Identifier: Apache-2.0
/** Envelopes: each value under a data key of its own, each data key under a key-encryption key. */
@NullMarked
package io.hyperspot.credstore.keys;

import org.jspecify.annotations.NullMarked;
