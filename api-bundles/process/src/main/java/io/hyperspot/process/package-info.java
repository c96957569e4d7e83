// SPDX-License-Identifier: Apache-2.0
/** Supervised child processes for what can crash or exhaust a JVM. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
