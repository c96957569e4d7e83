// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.AuditEvent.Outcome;
import io.hyperspot.audit.trail.TrailFilter;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Reads the filter of a query. */
final class Filters {
    private static final int LONGEST = 1000;

    private Filters() {}

    static TrailFilter of(UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        return new TrailFilter(
                text(query, "actor"),
                text(query, "action"),
                text(query, "target"),
                outcome(query.getFirst("outcome")),
                instant(query, "from"),
                instant(query, "to"));
    }

    private static @Nullable String text(MultivaluedMap<String, String> query, String name) {
        String value = query.getFirst(name);
        if (value != null && (value.isEmpty() || value.length() > LONGEST)) {
            throw invalid("'" + name + "' has 1 to " + LONGEST + " characters");
        }
        return value;
    }

    private static @Nullable String outcome(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Outcome.valueOf(text.toUpperCase(Locale.ROOT)).name();
        } catch (IllegalArgumentException e) {
            throw invalid("'outcome' is done, denied or failed");
        }
    }

    private static @Nullable Instant instant(MultivaluedMap<String, String> query, String name) {
        String text = query.getFirst(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw invalid("'" + name + "' is a time such as 2026-11-25T20:00:00Z");
        }
    }

    /** For the record that tells of the reading. */
    static String text(TrailFilter filter) {
        StringJoiner parts = new StringJoiner(" ");
        add(parts, "actor", filter.actor());
        add(parts, "action", filter.action());
        add(parts, "target", filter.target());
        add(parts, "outcome", filter.outcome());
        add(parts, "from", filter.from());
        add(parts, "to", filter.to());
        return parts.toString();
    }

    private static void add(StringJoiner parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name + "=" + value);
        }
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_AUDIT_REQUEST", detail);
    }
}
