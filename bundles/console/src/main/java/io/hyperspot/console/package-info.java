// SPDX-License-Identifier: Apache-2.0
/**
 * Who may use the Felix web console, and the HyperSpot page in it. There is no password: a one-time
 * token in a file of the home signs in.
 */
@NullMarked
package io.hyperspot.console;

import org.jspecify.annotations.NullMarked;
