// SPDX-License-Identifier: Apache-2.0
/** Says in words why a bundle does not resolve: for the launcher, and for whoever installs plugins. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.modkit.resolution;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
