// SPDX-License-Identifier: Apache-2.0
/** The one way out. Provider traffic over a pooled blocking client; guarded requests to URLs that users supply. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.http.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
