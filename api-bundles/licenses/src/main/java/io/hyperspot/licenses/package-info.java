// SPDX-License-Identifier: Apache-2.0
/** Which features a tenant is licensed for, and the worker SPI. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.licenses;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
