// SPDX-License-Identifier: Apache-2.0
/** Licenses over HTTP. */
@NullMarked
package io.hyperspot.licenses.enforcer.rest;

import org.jspecify.annotations.NullMarked;
