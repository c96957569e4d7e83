// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.registry.TypesRegistry.Entity;

/**
 * A document of a bundle that is fit to be registered.
 *
 * @param file its path in the bundle
 * @param tree its content for comparison: two documents are the same when their JSON is
 */
record Document(String file, Entity entity, JsonNode tree) {}
