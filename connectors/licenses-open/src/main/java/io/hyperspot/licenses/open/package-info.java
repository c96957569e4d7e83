// SPDX-License-Identifier: Apache-2.0
/** For one person and for trying out. */
@NullMarked
package io.hyperspot.licenses.open;

import org.jspecify.annotations.NullMarked;
