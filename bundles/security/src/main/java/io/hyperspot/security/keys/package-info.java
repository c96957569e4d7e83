// SPDX-License-Identifier: Apache-2.0
/**
 * API keys and who comes with them: made, kept as keyed hashes, revoked, and recognised from memory
 * without asking the database.
 */
@NullMarked
package io.hyperspot.security.keys;

import org.jspecify.annotations.NullMarked;
