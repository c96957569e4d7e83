// SPDX-License-Identifier: Apache-2.0
/**
 * What is registered: immutable generations of documents from bundles and tenants, the changes from one
 * to the next, and the database behind those of tenants.
 */
@NullMarked
package io.hyperspot.types.registry.store;

import org.jspecify.annotations.NullMarked;
