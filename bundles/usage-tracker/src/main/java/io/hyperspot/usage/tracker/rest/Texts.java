// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Period;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what callers send as text. */
final class Texts {
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,18}(\\.\\d{1,12})?");

    private Texts() {}

    static ProblemException invalid(String why) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_USAGE_REQUEST", why);
    }

    static String required(@Nullable String text, String name) {
        if (text == null || text.isBlank()) {
            throw invalid("'" + name + "' is missing");
        }
        return text;
    }

    static BigDecimal decimal(@Nullable String text, String name) {
        if (text == null || !DECIMAL.matcher(text).matches()) {
            throw invalid("'" + name + "' is a decimal number in a string, such as \"1.5\"");
        }
        return new BigDecimal(text);
    }

    static @Nullable Instant instant(@Nullable String text, String name) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw invalid("'" + name + "' is a time such as 2026-11-25T20:00:00Z");
        }
    }

    static Instant instant(@Nullable String text, String name, Instant fallback) {
        Instant given = instant(text, name);
        return given == null ? fallback : given;
    }

    static <E extends Enum<E>> E word(Class<E> type, String text, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> invalid("'" + name + "' is one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    static Period period(@Nullable String text, Period fallback) {
        return text == null ? fallback : word(Period.class, text, "period");
    }

    /** The caller's own when none is given; what is no id is the id of no tenant. */
    static TenantId tenant(SecurityContext ctx, @Nullable String text) {
        try {
            return text == null ? ctx.tenant() : TenantId.of(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", "there is no such tenant that you see");
        }
    }
}
