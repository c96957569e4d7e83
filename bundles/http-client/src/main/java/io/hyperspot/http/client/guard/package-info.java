// SPDX-License-Identifier: Apache-2.0
/**
 * Requests to URLs that users supply: a library client that can only connect to addresses which the
 * guard has resolved, checked and pinned, redirects included.
 */
@NullMarked
package io.hyperspot.http.client.guard;

import org.jspecify.annotations.NullMarked;
