// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.security.SecurityContext;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rotation of the keys of all tenants, which only the root tenant sees. Thread-safe. */
public interface KeyRotation {
    /** Which keys. */
    enum Kind {
        /** A new key-encryption key: data keys are encrypted again, values stay as they are. */
        KEY_ENCRYPTION,
        /** New data keys: all values are encrypted again. */
        DATA;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param finishedAt null: it is running */
    record Progress(Kind kind, long total, long done, Instant startedAt, @Nullable Instant finishedAt) {}

    /**
     * Starts one; one that runs goes on.
     *
     * @throws io.hyperspot.modkit.ProblemException PERMISSION_DENIED when the caller is not of the root tenant
     */
    Progress start(SecurityContext ctx, Kind kind);

    /** The latest of a kind. */
    Optional<Progress> progress(SecurityContext ctx, Kind kind);
}
