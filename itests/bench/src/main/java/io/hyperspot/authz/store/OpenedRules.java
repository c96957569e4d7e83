// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import io.hyperspot.authz.Authorization;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The authorization module without a container. */
public final class OpenedRules {
    private OpenedRules() {}

    /** Reads the rules of each tenant at its first question. */
    public static Authorization over(Databases databases, List<Migration> migrations) {
        return new AuthzModule(databases, migrations, Clock.systemUTC(), Duration.ofSeconds(5));
    }
}
