// SPDX-License-Identifier: Apache-2.0
/** A connector of which the tests make good and bad versions. */
@NullMarked
package acme.swap;

import org.jspecify.annotations.NullMarked;
