// SPDX-License-Identifier: Apache-2.0
/** What rules mean: decisions over an immutable snapshot of a tenant's roles, bindings and policies. */
@NullMarked
package io.hyperspot.authz.engine;

import org.jspecify.annotations.NullMarked;
