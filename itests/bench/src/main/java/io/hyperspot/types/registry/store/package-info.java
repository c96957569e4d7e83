// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the types registry, in its package so that they need no door of their own. */
@NullMarked
package io.hyperspot.types.registry.store;

import org.jspecify.annotations.NullMarked;
