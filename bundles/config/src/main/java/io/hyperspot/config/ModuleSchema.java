// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one module takes.
 *
 * @param pid the module's name in YAML, also its PID
 * @param factory whether each entry of {@code instances} makes a configuration of its own
 * @param attributes by key
 */
public record ModuleSchema(String pid, boolean factory, String description, Map<String, Attribute> attributes) {
    /** A key's type. */
    public enum Type {
        STRING,
        SECRET,
        BOOLEAN,
        INTEGER,
        LONG,
        DOUBLE
    }

    /**
     * A key.
     *
     * @param property its name in Configuration Admin; a secret's begins with a dot, so that Declarative
     *     Services does not publish it with the component's service (Compendium 112.6)
     * @param list whether it takes a list of values
     * @param defaults as text; empty when there is none
     * @param options the values it takes; empty: any
     * @param least the smallest number it takes, or null
     * @param most the largest number it takes, or null
     */
    public record Attribute(
            String key,
            String property,
            Type type,
            boolean list,
            boolean required,
            String description,
            List<String> defaults,
            List<String> options,
            @Nullable BigDecimal least,
            @Nullable BigDecimal most) {}
}
