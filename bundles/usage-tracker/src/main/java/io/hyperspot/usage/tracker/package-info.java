// SPDX-License-Identifier: Apache-2.0
/** Usage records, totals and quotas, and their REST resources. */
@NullMarked
package io.hyperspot.usage.tracker;

import org.jspecify.annotations.NullMarked;
