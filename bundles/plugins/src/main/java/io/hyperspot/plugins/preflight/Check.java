// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

/** Looks at one side of a plugin. Runs nothing of it. */
@FunctionalInterface
interface Check {
    void check(Subject subject, Findings findings);
}
