// SPDX-License-Identifier: Apache-2.0
/** Load on a started server. */
@NullMarked
package io.hyperspot.bench;

import org.jspecify.annotations.NullMarked;
