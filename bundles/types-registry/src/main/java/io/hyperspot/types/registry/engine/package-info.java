// SPDX-License-Identifier: Apache-2.0
/**
 * The semantics of the Global Type System over JSON documents: derivation, references, traits,
 * compatibility, casting, queries. Pure functions of a {@link View}; knows nothing of bundles, tenants or
 * HTTP.
 */
@NullMarked
package io.hyperspot.types.registry.engine;

import org.jspecify.annotations.NullMarked;
