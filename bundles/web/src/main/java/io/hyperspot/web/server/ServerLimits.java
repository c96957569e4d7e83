// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.time.Duration;

/**
 * The limits of the server's configuration, for operations that declare none of their own.
 *
 * @param timeout of a request
 * @param longest no operation's own timeout is longer
 */
record ServerLimits(int maxBodyBytes, int maxInFlight, Duration bodyTimeout, Duration timeout, Duration longest) {
    static ServerLimits of(WebConfig config) {
        return new ServerLimits(
                config.max__body__bytes(),
                config.max__in__flight(),
                Duration.ofSeconds(config.body__timeout__seconds()),
                Duration.ofSeconds(config.request__timeout__seconds()),
                Duration.ofSeconds(config.total__timeout__seconds()));
    }

    /** The time of a request whose operation declares this one; zero: none. */
    long timeoutNanos(Duration declared) {
        Duration wanted = declared.isZero() ? timeout : declared;
        return (wanted.compareTo(longest) < 0 ? wanted : longest).toNanos();
    }
}
