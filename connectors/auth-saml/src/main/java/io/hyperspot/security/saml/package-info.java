// SPDX-License-Identifier: Apache-2.0
/** Login at a SAML 2 identity provider. */
@NullMarked
package io.hyperspot.security.saml;

import org.jspecify.annotations.NullMarked;
