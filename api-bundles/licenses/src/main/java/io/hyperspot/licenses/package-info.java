// SPDX-License-Identifier: Apache-2.0
/** Which features tenants are licensed for. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.licenses;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
