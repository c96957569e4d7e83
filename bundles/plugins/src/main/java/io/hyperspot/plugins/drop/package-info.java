// SPDX-License-Identifier: Apache-2.0
/** The drop-in folder: tells of files when they are complete. */
@NullMarked
package io.hyperspot.plugins.drop;

import org.jspecify.annotations.NullMarked;
