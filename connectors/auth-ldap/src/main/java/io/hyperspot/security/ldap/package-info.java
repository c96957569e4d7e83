// SPDX-License-Identifier: Apache-2.0
/** People with a password in an LDAP directory or Active Directory. */
@NullMarked
package io.hyperspot.security.ldap;

import org.jspecify.annotations.NullMarked;
