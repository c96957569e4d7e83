// SPDX-License-Identifier: Apache-2.0
/**
 * What workers implement that say who somebody is: by a token, by a password, or by a login page of
 * somebody else.
 */
@Export
@NullMarked
@Version("1.0.0")
package io.hyperspot.security.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
