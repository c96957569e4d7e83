// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.util.List;
import java.util.Map;

/** A value of the configuration with the place where it stands. */
public sealed interface ConfigValue {
    /** Where a value stands. */
    record Place(String source, int line) {}

    Place place();

    /** A scalar as text; references are resolved. */
    record Scalar(Place place, String text, boolean quoted) implements ConfigValue {}

    /** A list. */
    record Items(Place place, List<ConfigValue> values) implements ConfigValue {}

    /** A mapping; {@code keys} has the places of the keys. */
    record Mapping(Place place, Map<String, ConfigValue> entries, Map<String, Place> keys) implements ConfigValue {}
}
