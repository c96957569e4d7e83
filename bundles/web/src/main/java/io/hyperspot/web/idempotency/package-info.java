// SPDX-License-Identifier: Apache-2.0
/** Requests that are sent again with the same Idempotency-Key: done once, answered each time. */
@NullMarked
package io.hyperspot.web.idempotency;

import org.jspecify.annotations.NullMarked;
