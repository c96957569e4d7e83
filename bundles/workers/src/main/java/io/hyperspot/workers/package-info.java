// SPDX-License-Identifier: Apache-2.0
/**
 * Decides which worker services may be offered, and offers them to gateways in immutable snapshots
 * with leases, so that a worker leaves only when its last request has ended.
 */
@NullMarked
package io.hyperspot.workers;

import org.jspecify.annotations.NullMarked;
