// SPDX-License-Identifier: Apache-2.0
/** {@code /security/v1}: the API keys of the caller's tenant. */
@NullMarked
package io.hyperspot.security.rest;

import org.jspecify.annotations.NullMarked;
