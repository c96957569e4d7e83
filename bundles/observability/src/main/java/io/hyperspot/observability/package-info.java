// SPDX-License-Identifier: Apache-2.0
/** Logs, metrics and health: what an operator sees of the server. */
@NullMarked
package io.hyperspot.observability;

import org.jspecify.annotations.NullMarked;
