// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document that is or may be registered. Equal only to itself; two of the same content are told by
 * {@link #sameContent}. Nobody changes its content.
 */
public final class Document {
    private final String key;
    private final boolean isType;
    private final @Nullable GtsId id;
    private final @Nullable String typeId;
    private final JsonNode content;

    /**
     * @param key under which it is registered: a GTS id, or the raw id of an anonymous instance
     * @param isType whether it is a schema
     * @param id the key, when that is a GTS id
     * @param typeId of an instance: its type; of a type: the one it derives from; null when it has none
     */
    public Document(
            String key, boolean isType, @Nullable GtsId id, @Nullable String typeId, JsonNode content) {
        this.key = Objects.requireNonNull(key);
        this.isType = isType;
        this.id = id;
        this.typeId = typeId;
        this.content = Objects.requireNonNull(content);
    }

    public String key() {
        return key;
    }

    public boolean isType() {
        return isType;
    }

    public @Nullable GtsId id() {
        return id;
    }

    public @Nullable String typeId() {
        return typeId;
    }

    public JsonNode content() {
        return content;
    }

    /** Keys of the types that this derives from or is an instance of. */
    public Set<String> bases() {
        Set<String> bases = new HashSet<>();
        if (typeId != null) {
            bases.add(typeId);
        }
        if (id != null) {
            id.ancestors().forEach(ancestor -> bases.add(ancestor.toString()));
        }
        return bases;
    }

    /** Whether no instance may have this as its own type. */
    public boolean isAbstract() {
        return isType && content.path(Keywords.ABSTRACT).asBoolean(false);
    }

    /** Whether no type may derive from this. */
    public boolean isFinal() {
        return isType && content.path(Keywords.FINAL).asBoolean(false);
    }

    public boolean sameContent(Document other) {
        return isType == other.isType && content.equals(other.content);
    }

    @Override
    public String toString() {
        return key;
    }
}
