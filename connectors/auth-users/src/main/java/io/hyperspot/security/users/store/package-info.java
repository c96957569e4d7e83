// SPDX-License-Identifier: Apache-2.0
/** People with a password kept here, and an authenticator app: who they are, and how a login is checked. */
@NullMarked
package io.hyperspot.security.users.store;

import org.jspecify.annotations.NullMarked;
