// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.configured;

import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An entry of the configuration, {@code key=value; key=value}. */
final class Entry {
    private static final Set<String> KEYS = Set.of("id", "name", "parent", "type", "status", "self_managed");
    private static final List<String> STATUSES = List.of("active", "suspended", "deleted");
    private static final int LONGEST_NAME = 100;

    private final int number;
    private final Map<String, String> values = new HashMap<>();

    /**
     * @param number of the entry, for messages; the first is 1
     * @throws IllegalArgumentException that says what is wrong with it
     */
    Entry(int number, String text) {
        this.number = number;
        for (String part : text.split(";")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            if (part.isBlank()) {
                continue;
            }
            if (equals < 0 || !KEYS.contains(key)) {
                throw wrong("'" + key + "' is not one of id=, name=, parent=, type=, status=, self_managed=");
            }
            if (values.put(key, part.substring(equals + 1).strip()) != null) {
                throw wrong("'" + key + "' is there twice");
            }
        }
    }

    Tenant tenant() {
        TenantId id = id("id", null);
        String name = values.getOrDefault("name", "");
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.codePoints().anyMatch(Entry::isHidden)) {
            throw wrong("'name' must have 1 to " + LONGEST_NAME + " visible characters");
        }
        if (id.equals(TenantId.ROOT)) {
            throw wrong("the root " + id + " is there by itself and is not configured");
        }
        String status = values.getOrDefault("status", "active");
        if (!STATUSES.contains(status)) {
            throw wrong("'status' must be one of " + STATUSES + "; it is '" + status + "'");
        }
        String selfManaged = values.getOrDefault("self_managed", "false");
        if (!selfManaged.equals("true") && !selfManaged.equals("false")) {
            throw wrong("'self_managed' must be true or false; it is '" + selfManaged + "'");
        }
        return new Tenant(
                id,
                id("parent", TenantId.ROOT),
                name,
                values.getOrDefault("type", ""),
                Status.valueOf(status.toUpperCase(Locale.ROOT)),
                selfManaged.equals("true"),
                Instant.EPOCH,
                1);
    }

    private TenantId id(String key, @Nullable TenantId otherwise) {
        String text = values.get(key);
        if (text == null && otherwise != null) {
            return otherwise;
        }
        try {
            if (text != null && text.length() == 36) {
                return TenantId.of(text);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw wrong("'" + key + "' must be a UUID" + (text == null ? "; it is missing" : "; it is '" + text + "'"));
    }

    private static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("modules.tenants-configured.tenants, entry " + number + ": " + why);
    }
}
