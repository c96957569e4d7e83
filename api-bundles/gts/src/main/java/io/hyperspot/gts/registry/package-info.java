// SPDX-License-Identifier: Apache-2.0
/** The types and well-known instances that the system knows now, in immutable generations. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.gts.registry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
