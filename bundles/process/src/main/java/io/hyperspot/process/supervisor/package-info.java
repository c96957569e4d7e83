// SPDX-License-Identifier: Apache-2.0
/**
 * Supervises processes: commands, which run all the time, and children, which are started by calls that
 * are passed on to them. Holds them to their limits, keeps what they say, restarts them with backoff, and
 * ends them.
 */
@NullMarked
package io.hyperspot.process.supervisor;

import org.jspecify.annotations.NullMarked;
