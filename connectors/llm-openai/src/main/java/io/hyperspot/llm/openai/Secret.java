// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

/** A provider's key, which some providers repeat in their errors. */
final class Secret {
    private static final String MASK = "***";

    private final String value;

    Secret(String configured) {
        String key = configured.strip();
        value = key.equals("none") ? "" : key;
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    /** Only for the header. */
    String reveal() {
        return value;
    }

    String masked(String text) {
        return value.isEmpty() ? text : text.replace(value, MASK);
    }

    @Override
    public String toString() {
        return MASK;
    }
}
