// SPDX-License-Identifier: Apache-2.0
/** Looks at a plugin before anything is touched; the same code with a running server and without. */
@NullMarked
package io.hyperspot.plugins.preflight;

import org.jspecify.annotations.NullMarked;
