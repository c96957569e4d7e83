// SPDX-License-Identifier: Apache-2.0
/** Decisions: whether a subject may do something to a resource, and to which resources of a type. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.authz;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
