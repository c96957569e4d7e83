// SPDX-License-Identifier: Apache-2.0
/** A connector as a third party would write it. */
@NullMarked
package acme.echo;

import org.jspecify.annotations.NullMarked;
