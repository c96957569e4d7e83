// SPDX-License-Identifier: Apache-2.0
/** The tree of tenants: what it is made of, who sees what of it, and how it is changed. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.tenants;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
