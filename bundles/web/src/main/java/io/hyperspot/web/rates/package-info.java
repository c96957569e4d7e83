// SPDX-License-Identifier: Apache-2.0
/** What the servers of one database tell each other of the use of their rate limits. */
@NullMarked
package io.hyperspot.web.rates;

import org.jspecify.annotations.NullMarked;
