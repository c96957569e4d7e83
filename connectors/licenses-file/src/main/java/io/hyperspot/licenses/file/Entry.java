// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.file;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.licenses.License;
import io.hyperspot.security.TenantId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A license of the configuration, {@code key=value; key=value}.
 *
 * @param tenant an id, or {@link #ALL}
 */
record Entry(String tenant, License license) {
    static final String ALL = "*";
    private static final Set<String> KEYS = Set.of("tenant", "features", "expires");

    /**
     * @param number of the entry, for messages; the first is 1
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static Entry parse(int number, String text) {
        String place = "modules.licenses-file.licenses: entry " + number + ": ";
        Map<String, String> values = new HashMap<>();
        for (String part : text.split(";")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            if (equals < 0 || !KEYS.contains(key)) {
                throw new IllegalArgumentException(place + "'" + key + "' is not one of tenant=, features=, expires=");
            }
            if (values.put(key, part.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException(place + "'" + key + "' is there twice");
            }
        }
        try {
            return new Entry(tenant(values.get("tenant")), new License(features(values.get("features")), expires(values.get("expires"))));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(place + e.getMessage(), e);
        }
    }

    private static String tenant(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("'tenant' is missing; write tenant=UUID or tenant=*");
        }
        return text.equals(ALL) ? ALL : TenantId.of(text).toString();
    }

    private static List<GtsPattern> features(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("'features' is missing; write features=" + License.FEATURE + "*");
        }
        return Arrays.stream(text.split("\\s+")).map(GtsPattern::parse).toList();
    }

    private static @Nullable Instant expires(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
