// SPDX-License-Identifier: Apache-2.0
/** Workers behind a gateway: how they are declared, found, leased and drained. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.modkit.worker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
