// SPDX-License-Identifier: Apache-2.0
/** What keeps the values of secrets elsewhere implements. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.credstore.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
