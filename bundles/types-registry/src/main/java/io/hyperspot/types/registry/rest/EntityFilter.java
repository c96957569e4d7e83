// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.types.registry.store.Registered;
import io.hyperspot.types.registry.store.Status;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for. Vendor, package and namespace must meet in one segment.
 *
 * @param pattern null: everything, anonymous instances included
 * @param isSchema null: types and instances
 * @param status null: all but deleted ones
 * @param primaryOnly whether only the first segment counts
 */
record EntityFilter(
        @Nullable GtsPattern pattern,
        @Nullable Boolean isSchema,
        @Nullable Status status,
        @Nullable String vendor,
        @Nullable String packageName,
        @Nullable String namespace,
        boolean primaryOnly) {

    boolean accepts(Registered entity) {
        if (isSchema != null && isSchema != entity.document().isType()) {
            return false;
        }
        if (status == null ? entity.status() == Status.DELETED : entity.status() != status) {
            return false;
        }
        GtsId id = entity.document().id();
        if (pattern != null && (id == null || !pattern.matches(id))) {
            return false;
        }
        if (vendor == null && packageName == null && namespace == null) {
            return true;
        }
        List<GtsSegment> segments = id == null ? List.of() : id.segments();
        return segments.stream().limit(primaryOnly ? 1 : segments.size()).anyMatch(this::meets);
    }

    private boolean meets(GtsSegment segment) {
        return (vendor == null || vendor.equals(segment.vendor()))
                && (packageName == null || packageName.equals(segment.packageName()))
                && (namespace == null || namespace.equals(segment.namespace()));
    }

    static @Nullable GtsPattern pattern(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return GtsPattern.parse(text);
        } catch (GtsSyntaxException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "TYPES_REGISTRY_INVALID_GTS_ID",
                    "The query parameter 'pattern' is no GTS id or pattern: " + e.getMessage() + ".");
        }
    }

    static @Nullable Boolean flag(String name, @Nullable String text) {
        return switch (text) {
            case null -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw invalid(name, "true or false", text);
        };
    }

    static @Nullable Status status(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return Arrays.stream(Status.values())
                .filter(status -> status.text().equals(text))
                .findFirst()
                .orElseThrow(() -> invalid(
                        "status",
                        Arrays.stream(Status.values()).map(Status::text).collect(Collectors.joining(", ")),
                        text));
    }

    static boolean primary(@Nullable String text) {
        return switch (text) {
            case null -> false;
            case "any" -> false;
            case "primary" -> true;
            default -> throw invalid("segment_scope", "primary or any", text);
        };
    }

    static ProblemException invalid(String name, String expected, String actual) {
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT,
                "TYPES_REGISTRY_INVALID_QUERY",
                "The query parameter '" + name + "' is " + expected + ", not '" + actual + "'.");
    }
}
