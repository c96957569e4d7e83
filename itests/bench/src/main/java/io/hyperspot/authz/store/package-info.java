// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of authorization, in its package so that they need no door of their own. */
@NullMarked
package io.hyperspot.authz.store;

import org.jspecify.annotations.NullMarked;
