// SPDX-License-Identifier: Apache-2.0
/** {@code /authz/v1}: roles, bindings, policies and decisions of the caller's tenant. */
@NullMarked
package io.hyperspot.authz.rest;

import org.jspecify.annotations.NullMarked;
