// SPDX-License-Identifier: Apache-2.0
/**
 * The tree as the chosen directory has it, kept in memory, and the rules by which callers see and change
 * it.
 */
@NullMarked
package io.hyperspot.tenants.resolver.tree;

import org.jspecify.annotations.NullMarked;
