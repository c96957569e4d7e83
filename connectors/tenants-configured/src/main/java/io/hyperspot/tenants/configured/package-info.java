// SPDX-License-Identifier: Apache-2.0
/** A tenant directory whose tenants stand in the configuration file. */
@NullMarked
package io.hyperspot.tenants.configured;

import org.jspecify.annotations.NullMarked;
