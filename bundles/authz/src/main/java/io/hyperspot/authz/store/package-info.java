// SPDX-License-Identifier: Apache-2.0
/** The module: rules kept in the database, and in memory for every decision. */
@NullMarked
package io.hyperspot.authz.store;

import org.jspecify.annotations.NullMarked;
