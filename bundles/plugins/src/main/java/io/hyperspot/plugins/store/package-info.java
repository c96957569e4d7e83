// SPDX-License-Identifier: Apache-2.0
/** What survives the process: the JARs by their content, and which of them serve. */
@NullMarked
package io.hyperspot.plugins.store;

import org.jspecify.annotations.NullMarked;
