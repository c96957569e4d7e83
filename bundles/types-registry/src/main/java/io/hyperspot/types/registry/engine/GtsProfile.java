// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

/**
 * The level of the GTS specification that is followed. Drafts 0.11 and 0.14 contradict each other in a few
 * points, each of which is a switch here; documents that use none of them mean the same under both.
 */
public enum GtsProfile {
    V0_11("0.11", false),
    V0_14("0.14", true);

    private final String version;
    private final boolean later;

    GtsProfile(String version, boolean later) {
        this.version = version;
        this.later = later;
    }

    /** As it is written in the configuration. */
    public String version() {
        return version;
    }

    /** Whether traits stand at the top level of a schema only; else inside {@code allOf} too. */
    boolean traitsAtTopLevelOnly() {
        return later;
    }

    /** Whether a descendant replaces trait values of its ancestors (RFC 7396); else they are set once. */
    boolean traitsMayBeOverridden() {
        return later;
    }

    /** Whether only required traits need a value; else every declared one does. */
    boolean onlyRequiredTraits() {
        return later;
    }

    /** Whether compatibility is inclusion of the sets of valid instances; else the rules of 0.11's suite. */
    boolean compatibilityBySets() {
        return later;
    }

    /** Whether a pointer of {@code x-gts-ref} leads to {@code /$id} only; else to any id of the schema. */
    boolean selfReferenceOnly() {
        return later;
    }

    /** Whether {@code T~*} matches {@code T~}. */
    boolean wildcardMatchesItself() {
        return later;
    }

    /** Whether {@code allOf} keeps a closed base closed; else the overlay must say so again. */
    boolean closedBaseStaysClosed() {
        return later;
    }

    /** Whether the target of a {@code $ref} must be there when a type is validated. */
    boolean referencesMustResolve() {
        return later;
    }

    /** Whether {@code format} is checked; else it is an annotation. */
    boolean formatsAsserted() {
        return later;
    }

    /** Whether a traits schema that refers to one type twice is taken for one that refers to itself. */
    boolean repeatedReferencesAreCycles() {
        return !later;
    }

    /** Whether the entity of a type is only valid when every traits schema of its chain is closed. */
    boolean traitsMustBeClosed() {
        return !later;
    }

    /** Whether all types of a chain have one {@code $schema}. */
    boolean oneDialectPerHierarchy() {
        return later;
    }

    /** Whether keywords that begin with {@code x-gts-} and mean nothing are refused; else ignored. */
    boolean unknownKeywordsRefused() {
        return later;
    }

    /** Whether the UUID of an anonymous instance is the one in its id; else the hash of the whole id. */
    boolean embeddedUuids() {
        return later;
    }

    /** Whether keywords of GTS in an instance are plain data; else they are refused. */
    boolean keywordsInInstances() {
        return later;
    }
}
