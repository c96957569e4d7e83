// SPDX-License-Identifier: Apache-2.0
/**
 * Filters, orders and pages of collections: {@code $filter}, {@code $orderby}, {@code $select}, {@code
 * $top} and {@code $skiptoken}, over fields that a resource allows.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.web.query;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
