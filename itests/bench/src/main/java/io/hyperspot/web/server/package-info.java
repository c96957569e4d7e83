// SPDX-License-Identifier: Apache-2.0
/** What the ingress adds to a request. */
@NullMarked
package io.hyperspot.web.server;

import org.jspecify.annotations.NullMarked;
