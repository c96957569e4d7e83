// SPDX-License-Identifier: Apache-2.0
/**
 * Who has logged in: sessions, kept as keyed hashes, recognised from memory, and ended on every server of the
 * database.
 */
@NullMarked
package io.hyperspot.security.sessions;

import org.jspecify.annotations.NullMarked;
