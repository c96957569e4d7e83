// SPDX-License-Identifier: Apache-2.0
/** Secrets that the server was started with, in environment variables. */
@NullMarked
package io.hyperspot.credentials.environment;

import org.jspecify.annotations.NullMarked;
