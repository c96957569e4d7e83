// SPDX-License-Identifier: Apache-2.0
/** The credentials store: who may see which secret, versions, rotations, and where values are kept. */
@NullMarked
package io.hyperspot.credstore.gateway;

import org.jspecify.annotations.NullMarked;
