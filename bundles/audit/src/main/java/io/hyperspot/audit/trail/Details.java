// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The details of an event as JSON. */
final class Details {
    /** The detail that names the person to whom it was done, in whose place the link has a pseudonym. */
    static final String TARGET = "target_subject";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Details() {}

    static String write(Map<String, String> details) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(details));
        } catch (IOException e) {
            throw new UncheckedIOException("texts can be written", e);
        }
    }

    static Map<String, String> read(String text) {
        try {
            return JSON.readValue(text, new TypeReference<TreeMap<String, String>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("the details of a record are no JSON object", e);
        }
    }
}
