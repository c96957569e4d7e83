// SPDX-License-Identifier: Apache-2.0
/** Tokens of an identity provider, and login at it by authorization code with PKCE. */
@NullMarked
package io.hyperspot.security.oidc;

import org.jspecify.annotations.NullMarked;
