// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import java.util.List;

/** What GTS adds to JSON Schema. */
final class Keywords {
    static final String SCHEMA = "$schema";
    static final String ID = "$id";
    static final String REF = "$ref";
    static final String ALL_OF = "allOf";
    static final String PROPERTIES = "properties";
    static final String REQUIRED = "required";
    static final String ADDITIONAL = "additionalProperties";
    static final String GTS_REF = "x-gts-ref";
    static final String FINAL = "x-gts-final";
    static final String ABSTRACT = "x-gts-abstract";
    static final String TRAITS = "x-gts-traits";
    static final String TRAITS_SCHEMA = "x-gts-traits-schema";

    /** All of them, for whoever must know what is none. */
    static final List<String> GTS = List.of(GTS_REF, FINAL, ABSTRACT, TRAITS, TRAITS_SCHEMA);

    private Keywords() {}
}
