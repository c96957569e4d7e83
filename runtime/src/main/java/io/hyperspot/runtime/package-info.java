// SPDX-License-Identifier: Apache-2.0
/**
 * The launcher and the command line: the only code that is not a bundle. It knows how to boot a
 * container from feature files and nothing about what the bundles do.
 */
@NullMarked
package io.hyperspot.runtime;

import org.jspecify.annotations.NullMarked;
