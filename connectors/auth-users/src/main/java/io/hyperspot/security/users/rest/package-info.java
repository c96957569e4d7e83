// SPDX-License-Identifier: Apache-2.0
/** {@code /auth/v1/users}: the people of the caller's tenant; {@code /auth/v1/account}: the caller's own. */
@NullMarked
package io.hyperspot.security.users.rest;

import org.jspecify.annotations.NullMarked;
