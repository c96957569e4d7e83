// SPDX-License-Identifier: Apache-2.0
/** The trail of security-relevant acts, chained, and its REST resource. */
@NullMarked
package io.hyperspot.audit.trail;

import org.jspecify.annotations.NullMarked;
