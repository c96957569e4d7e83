// SPDX-License-Identifier: Apache-2.0
/** What a REST operation declares and what it may use: posture, pages, server-sent events. */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.web;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
