// SPDX-License-Identifier: Apache-2.0
/** Who calls, for which tenant, with which permissions. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.security;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
