// SPDX-License-Identifier: Apache-2.0
/**
 * The one HTTP entry: Jetty on virtual threads, the chain that every request passes, protocol
 * handlers, and Jakarta REST resources with one Jersey application a bundle.
 */
@NullMarked
package io.hyperspot.web.server;

import org.jspecify.annotations.NullMarked;
