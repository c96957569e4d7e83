// SPDX-License-Identifier: Apache-2.0
/** When a call is made again, and when a peer is left alone: for both clients, without any I/O. */
@NullMarked
package io.hyperspot.http.client.resilience;

import org.jspecify.annotations.NullMarked;
