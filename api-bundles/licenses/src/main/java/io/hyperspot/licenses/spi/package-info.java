// SPDX-License-Identifier: Apache-2.0
/** What a connector implements that knows licenses. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.licenses.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
