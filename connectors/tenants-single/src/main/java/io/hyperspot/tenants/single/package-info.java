// SPDX-License-Identifier: Apache-2.0
/** A tenant directory that knows the root only. */
@NullMarked
package io.hyperspot.tenants.single;

import org.jspecify.annotations.NullMarked;
