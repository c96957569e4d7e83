// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.plugins.Plugin.VersionState;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was decided about a plugin.
 *
 * @param active SHA-256 of the version that serves; empty when none does
 * @param files what was found in the drop-in folder under which name, by SHA-256
 * @param versions the newest first
 */
public record Commit(
        @JsonProperty("id") String id,
        @JsonProperty("active") String active,
        @JsonProperty("files") Map<String, String> files,
        @JsonProperty("versions") List<Entry> versions) {

    /** A version that is kept, or was found to be bad. */
    public record Entry(
            @JsonProperty("version") String version,
            @JsonProperty("sha256") String sha256,
            @JsonProperty("state") VersionState state,
            @JsonProperty("reason") String reason,
            @JsonProperty("since") String since) {
        public Instant sinceInstant() {
            return Instant.parse(since);
        }
    }

    public Commit {
        files = Map.copyOf(files);
        versions = List.copyOf(versions);
    }
}
