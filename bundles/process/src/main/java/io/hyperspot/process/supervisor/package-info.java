// SPDX-License-Identifier: Apache-2.0
/**
 * Supervises child processes: starts them lazily, passes calls and cancellations on, restarts them
 * with backoff, and ends them.
 */
@NullMarked
package io.hyperspot.process.supervisor;

import org.jspecify.annotations.NullMarked;
