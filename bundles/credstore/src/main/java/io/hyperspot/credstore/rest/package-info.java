// SPDX-License-Identifier: Apache-2.0
/** {@code /credstore/v1}: the secrets of the caller's tenant, and the rotation of keys. */
@NullMarked
package io.hyperspot.credstore.rest;

import org.jspecify.annotations.NullMarked;
