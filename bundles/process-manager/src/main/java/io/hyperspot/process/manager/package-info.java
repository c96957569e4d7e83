// SPDX-License-Identifier: Apache-2.0
/** The modules and processes that run and what depends on what; starting and stopping them; the machine. */
@NullMarked
package io.hyperspot.process.manager;

import org.jspecify.annotations.NullMarked;
