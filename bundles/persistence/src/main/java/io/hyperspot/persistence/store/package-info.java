// SPDX-License-Identifier: Apache-2.0
/**
 * The database of the product: one SQLite file, a pool of connections, the migrations of each module,
 * and the only way to rows, which always adds the tenant condition.
 */
@NullMarked
package io.hyperspot.persistence.store;

import org.jspecify.annotations.NullMarked;
