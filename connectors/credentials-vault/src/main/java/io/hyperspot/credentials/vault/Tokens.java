// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import java.util.Optional;

/** Vault's tokens. Thread-safe. All throw {@link io.hyperspot.modkit.ProblemException}. */
interface Tokens {
    /** The one to use now. */
    String current(Deadline deadline);

    /** After 403: another one than was refused, or empty when there is none, so that it is the policy. */
    Optional<String> instead(String refused, Deadline deadline);
}
