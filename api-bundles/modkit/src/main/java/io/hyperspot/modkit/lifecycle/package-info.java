// SPDX-License-Identifier: Apache-2.0
/** Running the code with which a bundle starts and stops, for the few who start and stop bundles. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.modkit.lifecycle;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
