// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import java.util.Arrays;
import java.util.Locale;

/** How a connection is kept from being read. */
enum Transport {
    /** RFC 4511, section 4.14. */
    STARTTLS,
    LDAPS,
    PLAIN;

    static Transport configured(String name) {
        String wanted = name.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(each -> each.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'security' must be STARTTLS, LDAPS or PLAIN"));
    }
}
