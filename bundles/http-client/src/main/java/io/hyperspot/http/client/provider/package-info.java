// SPDX-License-Identifier: Apache-2.0
/**
 * The client to providers that an operator configured: a small blocking HTTP/1.1 client over
 * sockets for virtual threads, strict about what it accepts, with deadlines kept by one sweeper.
 */
@NullMarked
package io.hyperspot.http.client.provider;

import org.jspecify.annotations.NullMarked;
