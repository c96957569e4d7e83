// SPDX-License-Identifier: Apache-2.0
/** Which tenants are licensed for which features, by whichever worker is installed. */
@NullMarked
package io.hyperspot.licenses.enforcer.gateway;

import org.jspecify.annotations.NullMarked;
