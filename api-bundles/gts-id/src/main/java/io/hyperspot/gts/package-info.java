// SPDX-License-Identifier: Apache-2.0
/** Global Type System identifiers and patterns, without dependencies. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.gts;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
