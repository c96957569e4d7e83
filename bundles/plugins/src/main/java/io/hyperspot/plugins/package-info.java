// SPDX-License-Identifier: Apache-2.0
/**
 * The drop-in folder: a JAR that is copied into it is offered, one that is overwritten replaces its
 * predecessor side by side, one that is deleted is drained and goes.
 */
@NullMarked
package io.hyperspot.plugins;

import org.jspecify.annotations.NullMarked;
