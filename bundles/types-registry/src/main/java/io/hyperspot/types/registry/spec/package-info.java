// SPDX-License-Identifier: Apache-2.0
/** The REST surface that the GTS specification itself defines, in its wire shapes. */
@NullMarked
package io.hyperspot.types.registry.spec;

import org.jspecify.annotations.NullMarked;
