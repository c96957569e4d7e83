// SPDX-License-Identifier: Apache-2.0
/** What the tiny bundles of the launcher's tests hold. */
@NullMarked
package io.hyperspot.runtime.tiny;

import org.jspecify.annotations.NullMarked;
