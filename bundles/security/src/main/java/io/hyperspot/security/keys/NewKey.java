// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A key that a caller asks for, checked. */
record NewKey(String name, List<String> scopes, @Nullable Instant expiresAt) {
    private static final int LONGEST_NAME = 100;
    private static final int MOST_SCOPES = 50;
    private static final int LONGEST_SCOPE = 512;
    private static final Duration LATEST = Duration.ofDays(36_525);

    /**
     * @param decision whether the tenant's rules let the caller do that now; asked beside what is granted to it
     * @throws ProblemException INVALID_ARGUMENT, or PERMISSION_DENIED for a scope that the caller lacks
     */
    static NewKey check(
            SecurityContext ctx,
            Predicate<Permission> decision,
            String name,
            List<String> scopes,
            @Nullable Instant expiresAt,
            Instant now) {
        String stripped = name.strip();
        if (stripped.isEmpty()
                || stripped.length() > LONGEST_NAME
                || stripped.chars().anyMatch(Character::isISOControl)) {
            throw invalid("'name' must have 1 to " + LONGEST_NAME + " characters and no control characters");
        }
        if (scopes.isEmpty() || scopes.size() > MOST_SCOPES) {
            throw invalid("'scopes' must have 1 to " + MOST_SCOPES
                    + " permissions, for example gts.hyperspot.llm.*:invoke");
        }
        if (expiresAt != null && (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LATEST)))) {
            throw invalid("'expires_at' must be in the future, at most 100 years away");
        }
        Set<String> granted = new LinkedHashSet<>();
        for (String scope : scopes) {
            granted.add(granted(ctx, decision, scope).toString());
        }
        return new NewKey(
                stripped, List.copyOf(granted), expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS));
    }

    private static Permission granted(
            SecurityContext ctx, Predicate<Permission> decision, @Nullable String scope) {
        if (scope == null || scope.length() > LONGEST_SCOPE || scope.chars().anyMatch(Character::isISOControl)) {
            throw invalid("a scope must have 1 to " + LONGEST_SCOPE + " characters and no control characters");
        }
        Permission permission;
        try {
            permission = Permission.parse(scope);
        } catch (IllegalArgumentException e) {
            throw invalid("the scope '" + scope + "' is malformed: " + e.getMessage());
        }
        if (!ctx.allows(permission) || !decision.test(permission)) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "SCOPE_NOT_HELD",
                    "the scope '" + scope + "' is more than the caller may do; ask for scopes within the caller's own");
        }
        return permission;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_API_KEY_REQUEST", detail);
    }
}
