// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * What is to be held before it is used.
 *
 * @param subject who will use it; may be empty
 * @param amounts at most how much of which {@link UsageType}; all of them or nothing
 * @param lifetime after which it is given back by itself; from a second to a day
 */
public record ReservationRequest(String subject, Map<String, BigDecimal> amounts, Duration lifetime) {
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    public ReservationRequest {
        amounts = Map.copyOf(amounts);
    }

    /** One amount for the usual time. */
    public ReservationRequest(String subject, String type, BigDecimal amount) {
        this(subject, Map.of(type, amount), LIFETIME);
    }
}
