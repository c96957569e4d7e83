// SPDX-License-Identifier: Apache-2.0
/** Databases, migrations and access that is always scoped to tenants. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.persistence;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
