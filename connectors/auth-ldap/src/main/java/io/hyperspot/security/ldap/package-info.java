// SPDX-License-Identifier: Apache-2.0
/** People of a directory, by bind over TLS. */
@NullMarked
package io.hyperspot.security.ldap;

import org.jspecify.annotations.NullMarked;
