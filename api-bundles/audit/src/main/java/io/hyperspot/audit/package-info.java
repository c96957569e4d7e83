// SPDX-License-Identifier: Apache-2.0
/** What security-relevant acts are recorded by: in the transaction of the act, or beside it. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.audit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
