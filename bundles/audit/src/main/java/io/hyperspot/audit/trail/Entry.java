// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import io.hyperspot.audit.chain.Link;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as it may be read.
 *
 * @param link as it is chained
 * @param hash of the link
 * @param signature over the hash
 * @param actor null: erased
 * @param actorKey with which anybody can open the link's actor; null: erased
 * @param details null: erased
 * @param detailsKey with which anybody can open the link's details; null: erased
 */
public record Entry(
        Link link,
        String hash,
        byte[] signature,
        @Nullable String actor,
        byte @Nullable [] actorKey,
        @Nullable Map<String, String> details,
        byte @Nullable [] detailsKey) {
    /** The parts of a record that are sealed. */
    static final String ACTOR = "actor";

    static final String DETAILS = "details";

    /** To what it was done; a pseudonym where it was done to a person who is erased. */
    public String target() {
        String person = details == null ? null : details.get(Details.TARGET);
        return person == null ? link.target() : person;
    }

    // entries are never compared
    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry && entry.hash.equals(hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "Entry[" + link + "]";
    }
}
