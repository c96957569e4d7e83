// SPDX-License-Identifier: Apache-2.0
/** {@code /plugins/v1}: the plugins of the drop-in folder. */
@NullMarked
package io.hyperspot.plugins.rest;

import org.jspecify.annotations.NullMarked;
