// SPDX-License-Identifier: Apache-2.0
/**
 * The child's side of the protocol, for children written in Java. Runs in the child JVM, where there
 * are no bundles: it uses the JDK and Jackson only. {@link io.hyperspot.process.ChildJvm} puts it on
 * the child's class path, always in the version of the server that supervises it.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.process.child;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
