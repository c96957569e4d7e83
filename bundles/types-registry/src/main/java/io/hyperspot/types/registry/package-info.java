// SPDX-License-Identifier: Apache-2.0
/**
 * The types registry: reads what bundles contribute, keeps it in immutable generations, and shows
 * it over REST.
 */
@NullMarked
package io.hyperspot.types.registry;

import org.jspecify.annotations.NullMarked;
