// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import java.security.SecureRandom;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562). */
final class RuleIds {
    private final SecureRandom random = new SecureRandom();

    String next(long millis) {
        long high = millis << 16 | 0x7000L | (random.nextInt() & 0xfff);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
