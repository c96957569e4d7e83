// SPDX-License-Identifier: Apache-2.0
/** Deploying plugins: what is there, what a JAR would need, upgrade under load, canary, rollback. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.plugins;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
