// SPDX-License-Identifier: Apache-2.0
/** Usage and quotas over HTTP. */
@NullMarked
package io.hyperspot.usage.tracker.rest;

import org.jspecify.annotations.NullMarked;
