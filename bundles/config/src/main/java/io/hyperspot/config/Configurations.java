// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.util.Map;

/**
 * A checked configuration: property maps for Configuration Admin.
 *
 * @param singletons by PID
 * @param instances by factory PID, then by instance name
 */
public record Configurations(
        Map<String, Map<String, Object>> singletons, Map<String, Map<String, Map<String, Object>>> instances) {
    @Override
    public String toString() {
        // values may be secrets
        return "Configurations[" + singletons.keySet() + ", " + instances.keySet() + "]";
    }
}
