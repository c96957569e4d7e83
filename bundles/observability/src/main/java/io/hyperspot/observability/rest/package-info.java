// SPDX-License-Identifier: Apache-2.0
/** {@code /observability/v1}: log levels at run time. */
@NullMarked
package io.hyperspot.observability.rest;

import org.jspecify.annotations.NullMarked;
