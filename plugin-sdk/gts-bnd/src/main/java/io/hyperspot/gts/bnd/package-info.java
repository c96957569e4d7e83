// SPDX-License-Identifier: Apache-2.0
/**
 * Build time: {@link io.hyperspot.gts.bnd.GtsPlugin} makes the GTS metadata of a bundle, capabilities in its manifest and
 * service properties of its workers, from the documents and annotations that are there anyway. Refuses what the server
 * would refuse. Named in bnd's instructions: {@code -plugin.gts: io.hyperspot.gts.bnd.GtsPlugin}.
 */
@NullMarked
package io.hyperspot.gts.bnd;

import org.jspecify.annotations.NullMarked;
