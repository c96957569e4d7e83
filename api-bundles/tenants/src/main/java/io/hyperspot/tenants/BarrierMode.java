// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants;

/** What a self-managed tenant means for a walk through the tree. */
public enum BarrierMode {
    /** It hides itself and all below it from those above, and those above from itself and all below it. */
    RESPECT,
    /** Nothing. */
    IGNORE
}
