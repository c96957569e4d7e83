// SPDX-License-Identifier: Apache-2.0
/** The rules of docs/architecture.md that a class file can show to be broken. */
@NullMarked
package io.hyperspot.architecture;

import org.jspecify.annotations.NullMarked;
