// SPDX-License-Identifier: Apache-2.0
/** Secrets of tenants: their values for those who use them, and references to them in configuration. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.credstore;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
