// SPDX-License-Identifier: Apache-2.0
/** The trail of each tenant: appended from the outbox, sealed where it concerns people, read, checked and kept. */
@NullMarked
package io.hyperspot.audit.trail;

import org.jspecify.annotations.NullMarked;
