// SPDX-License-Identifier: Apache-2.0
/**
 * The authentication gateway: tells by its form who knows a credential, and lets people log in by the workers
 * that know them.
 */
@NullMarked
package io.hyperspot.security.gateway;

import org.jspecify.annotations.NullMarked;
