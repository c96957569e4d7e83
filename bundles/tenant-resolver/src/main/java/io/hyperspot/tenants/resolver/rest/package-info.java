// SPDX-License-Identifier: Apache-2.0
/** The tenants over REST. */
@NullMarked
package io.hyperspot.tenants.resolver.rest;

import org.jspecify.annotations.NullMarked;
