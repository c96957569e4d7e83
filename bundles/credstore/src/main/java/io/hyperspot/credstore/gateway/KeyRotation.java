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

    /**
     * How far one is.
     *
     * @param left values that are not done: yet, or, when it is finished, because they are not what was stored
     * @param finishedAt null: it is running
     */
    record Progress(Kind kind, long total, long left, Instant startedAt, @Nullable Instant finishedAt) {
        public long done() {
            return total - left;
        }

        /** {@code running}, {@code finished}, or {@code failed}: at its end, with something left. */
        public String state() {
            if (finishedAt == null) {
                return "running";
            }
            return left == 0 ? "finished" : "failed";
        }
    }

    /**
     * Starts one; one that runs goes on.
     *
     * @throws io.hyperspot.modkit.ProblemException PERMISSION_DENIED when the caller is not of the root tenant
     */
    Progress start(SecurityContext ctx, Kind kind);

    /** The latest of a kind. */
    Optional<Progress> progress(SecurityContext ctx, Kind kind);
}
