// SPDX-License-Identifier: Apache-2.0
/** The trail over HTTP. */
@NullMarked
package io.hyperspot.audit.rest;

import org.jspecify.annotations.NullMarked;
