// SPDX-License-Identifier: Apache-2.0
/** What a plugin's JAR says of itself, read without running anything of it. */
@NullMarked
package io.hyperspot.plugins.archive;

import org.jspecify.annotations.NullMarked;
