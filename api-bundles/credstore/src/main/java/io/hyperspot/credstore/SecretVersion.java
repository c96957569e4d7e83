// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a secret's value.
 *
 * @param validUntil null: as long as the secret itself; the value of a version whose time is over is gone
 */
public record SecretVersion(long version, boolean current, Instant createdAt, @Nullable Instant validUntil) {}
