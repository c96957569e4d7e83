// SPDX-License-Identifier: Apache-2.0
/** Records and their sums, quotas and reservations, in the database. */
@NullMarked
package io.hyperspot.usage.tracker.ledger;

import org.jspecify.annotations.NullMarked;
