// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import java.time.Duration;

/**
 * How long sessions live, and how many of one person.
 *
 * @param poll how often the ends of sessions on other servers are looked for
 */
public record Limits(Duration idle, Duration absolute, int perSubject, Duration poll) {
    static Limits of(SecurityConfig config) {
        return new Limits(
                Duration.ofMinutes(config.session__idle__minutes()),
                Duration.ofMinutes(config.session__absolute__minutes()),
                config.sessions__per__subject(),
                Duration.ofSeconds(config.session__poll__seconds()));
    }
}
