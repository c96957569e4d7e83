// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import java.time.Instant;
import java.util.List;

/**
 * A plugin, or a file of the drop-in folder that is none.
 *
 * @param id the bundle's symbolic name; empty for a file that is no plugin
 * @param file its name in the drop-in folder; empty when it has none
 * @param version of what serves, else of what wants to; empty while unknown
 * @param sha256 of that version's JAR, hexadecimal; empty while unknown
 * @param reason what is wrong, or waits, and what would mend it; may be there beside an active
 *     version, when a newer one was refused. Empty when all is well
 * @param since when it entered this state
 * @param inFlight calls that its workers have now
 * @param versions that are known, the newest first
 * @param steps of the last change, in order
 */
public record Plugin(
        String id,
        String file,
        String version,
        String sha256,
        State state,
        String reason,
        Instant since,
        int inFlight,
        List<Version> versions,
        List<Step> steps) {

    /** Where a plugin stands. */
    public enum State {
        /** Its file is being read. */
        ARRIVING,
        /** It serves. */
        ACTIVE,
        /** It needs something that is not there yet; tried again when something comes. */
        WAITING,
        /** It is being stopped and finishes the calls that it has. */
        DRAINING,
        /** It cannot be used as it is; another content is looked at again. */
        REJECTED,
        /** It failed when it served and was taken back; not tried again by itself. */
        QUARANTINED
    }

    /** Where a version of a plugin stands. */
    public enum VersionState {
        /** It gets the requests. */
        ACTIVE,
        /** It gets a share of the requests beside the active one. */
        CANARY,
        /** It was replaced and stays ready while its successor is watched. */
        STANDBY,
        /** It finishes the calls that it has. */
        DRAINING,
        /** Its JAR is kept: a rollback can bring it back. */
        KEPT,
        WAITING,
        REJECTED,
        QUARANTINED
    }

    /**
     * One version.
     *
     * @param version as the JAR says
     * @param sha256 of the JAR: two JARs may claim the same version
     * @param reason empty when all is well
     * @param release what became of its class loader after it was stopped; empty before
     * @param inFlight calls that its workers have now
     */
    public record Version(
            String version,
            String sha256,
            VersionState state,
            String reason,
            Instant since,
            String release,
            int inFlight) {
        /** One without calls. */
        public Version(String version, String sha256, VersionState state, String reason, Instant since, String release) {
            this(version, sha256, state, reason, since, release, 0);
        }
    }

    /**
     * A step of a change.
     *
     * @param text for people
     */
    public record Step(Instant at, String text) {}

    public Plugin {
        versions = List.copyOf(versions);
        steps = List.copyOf(steps);
    }
}
