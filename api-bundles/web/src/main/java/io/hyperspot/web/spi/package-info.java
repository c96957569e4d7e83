// SPDX-License-Identifier: Apache-2.0
/** Protocol handlers: hot or foreign protocol surfaces behind the same chain as REST resources. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.web.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
