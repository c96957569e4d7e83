// SPDX-License-Identifier: Apache-2.0
/** A tenant directory that keeps its tenants in the product's database. */
@NullMarked
package io.hyperspot.tenants.database;

import org.jspecify.annotations.NullMarked;
