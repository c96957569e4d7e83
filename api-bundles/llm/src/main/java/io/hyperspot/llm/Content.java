// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A part of a message. */
public sealed interface Content {
    /** Plain text. */
    record Text(String text) implements Content {}

    /**
     * An image.
     *
     * @param source an https URL or a data URL
     * @param detail the provider's hint, or null
     */
    record Image(String source, @Nullable String detail) implements Content {}

    /**
     * Audio.
     *
     * @param format for example {@code wav}
     */
    record Audio(String base64, String format) implements Content {}

    /**
     * A document.
     *
     * @param source an https URL or a data URL
     */
    record Document(String source, String mediaType, @Nullable String name) implements Content {}

    /**
     * What a model thought before it answered, to be sent back unchanged.
     *
     * @param text empty when the provider does not show it
     * @param signature by which the provider knows its own words again, opaque; or null
     */
    record Reasoning(String text, @Nullable String signature) implements Content {}

    /** What a model thought and the provider sends encrypted, to be sent back unchanged. */
    record HiddenReasoning(String data) implements Content {}

    /** A part that this version of the contract does not know, as the protocol wrote it. */
    record Unknown(String protocol, ObjectNode json) implements Content {}
}
