// SPDX-License-Identifier: Apache-2.0
/** Providers of language models on loopback, for tests. No vendor can be reached in a test. */
@NullMarked
package io.hyperspot.itests.providers;

import org.jspecify.annotations.NullMarked;
