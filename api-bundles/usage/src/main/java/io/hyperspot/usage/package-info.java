// SPDX-License-Identifier: Apache-2.0
/** Usage types and records, sums of them, and quotas that are reserved before use and settled after. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.usage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
