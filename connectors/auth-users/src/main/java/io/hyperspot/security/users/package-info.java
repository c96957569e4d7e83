// SPDX-License-Identifier: Apache-2.0
/** People with a password kept here, and an authenticator app. */
@NullMarked
package io.hyperspot.security.users;

import org.jspecify.annotations.NullMarked;
