// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the workers bundle, in its package because it exports nothing. */
@NullMarked
package io.hyperspot.workers;

import org.jspecify.annotations.NullMarked;
