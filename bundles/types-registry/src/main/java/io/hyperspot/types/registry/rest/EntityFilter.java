// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for. Vendor, package and namespace must meet in one segment.
 *
 * @param isSchema null: types and instances
 * @param primaryOnly whether only the first segment counts
 */
record EntityFilter(
        GtsPattern pattern,
        @Nullable Boolean isSchema,
        @Nullable String vendor,
        @Nullable String packageName,
        @Nullable String namespace,
        boolean primaryOnly) {

    static EntityFilter parse(
            @Nullable String pattern,
            @Nullable String isSchema,
            @Nullable String vendor,
            @Nullable String packageName,
            @Nullable String namespace,
            @Nullable String segmentScope) {
        return new EntityFilter(
                pattern(pattern == null ? "gts.*" : pattern),
                flag(isSchema),
                vendor,
                packageName,
                namespace,
                primary(segmentScope));
    }

    boolean accepts(Entity entity) {
        if (isSchema != null && isSchema != entity.isType()) {
            return false;
        }
        List<GtsSegment> segments = entity.id().segments();
        return (primaryOnly ? segments.subList(0, 1) : segments).stream().anyMatch(this::accepts);
    }

    private boolean accepts(GtsSegment segment) {
        return (vendor == null || vendor.equals(segment.vendor()))
                && (packageName == null || packageName.equals(segment.packageName()))
                && (namespace == null || namespace.equals(segment.namespace()));
    }

    private static GtsPattern pattern(String text) {
        try {
            return GtsPattern.parse(text);
        } catch (GtsSyntaxException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "TYPES_REGISTRY_INVALID_GTS_ID",
                    "The query parameter 'pattern' is no GTS id or pattern: " + e.getMessage() + ".");
        }
    }

    private static @Nullable Boolean flag(@Nullable String text) {
        return switch (text) {
            case null -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw invalid("is_schema", "true or false", text);
        };
    }

    private static boolean primary(@Nullable String text) {
        return switch (text) {
            case null -> false;
            case "any" -> false;
            case "primary" -> true;
            default -> throw invalid("segment_scope", "primary or any", text);
        };
    }

    private static ProblemException invalid(String name, String expected, String actual) {
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT,
                "TYPES_REGISTRY_INVALID_QUERY",
                "The query parameter '" + name + "' is " + expected + ", not '" + actual + "'.");
    }
}
