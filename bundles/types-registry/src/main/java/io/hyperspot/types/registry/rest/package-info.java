// SPDX-License-Identifier: Apache-2.0
/** The registry as a Jakarta REST resource. */
@NullMarked
package io.hyperspot.types.registry.rest;

import org.jspecify.annotations.NullMarked;
