// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.modkit.ProblemException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A secret of the configuration that is looked for when it is used first, not before. Thread-safe. */
final class LateSecret {
    private final String configured;
    private final Supplier<ConfiguredSecrets> secrets;
    private final Problems problems;
    private final AtomicReference<@Nullable ConfiguredSecret> found = new AtomicReference<>();

    LateSecret(String configured, Supplier<ConfiguredSecrets> secrets, Problems problems) {
        this.configured = configured;
        this.secrets = secrets;
        this.problems = problems;
    }

    /**
     * The value of this moment; empty when none was configured.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when the reference leads nowhere now
     */
    String reveal() {
        ConfiguredSecret secret = found.get();
        if (secret == null && configured.isBlank()) {
            return "";
        }
        try {
            if (secret == null) {
                secret = secrets.get().of(configured);
                found.set(secret);
            }
            return secret.reveal().strip();
        } catch (IllegalArgumentException e) {
            throw problems.noKey(String.valueOf(e.getMessage()));
        } catch (ProblemException e) {
            throw problems.noKey(e);
        }
    }
}
