// SPDX-License-Identifier: Apache-2.0
/** {@code /security/v1}: API keys; {@code /auth/v1}: logins and sessions. */
@NullMarked
package io.hyperspot.security.rest;

import org.jspecify.annotations.NullMarked;
