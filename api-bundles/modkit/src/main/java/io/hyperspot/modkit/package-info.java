// SPDX-License-Identifier: Apache-2.0
/** Errors, cancellation, health, ids and private files: what every module and connector shares. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.modkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
