// SPDX-License-Identifier: Apache-2.0
/** Chat and embedding models for consumers: client, requests, events, models. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.llm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
