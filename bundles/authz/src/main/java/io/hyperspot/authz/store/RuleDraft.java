// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import io.hyperspot.authz.engine.Binding;
import io.hyperspot.authz.engine.Policy;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a caller wants, checked for its form. All factories throw {@link ProblemException} INVALID_ARGUMENT. */
public sealed interface RuleDraft {
    /** A role. */
    record OfRole(String name, String description, List<Permission> permissions, List<String> parents) implements RuleDraft {}

    /** A binding. */
    record OfBinding(String principal, String role, Binding.@Nullable Target resource, @Nullable Instant expiresAt)
            implements RuleDraft {}

    /**
     * A policy.
     *
     * @param force whether it may shut out its author
     */
    record OfPolicy(
            String name,
            String description,
            Policy.Effect effect,
            Permission target,
            String principal,
            String condition,
            List<String> addresses,
            boolean force)
            implements RuleDraft {
        Policy policy(String id, Instant createdAt, long version) {
            return new Policy(id, name, description, effect, target, principal, condition, addresses, createdAt, version);
        }
    }

    static OfRole role(
            @Nullable String name,
            @Nullable String description,
            @Nullable List<String> permissions,
            @Nullable List<String> parents) {
        List<Permission> parsed = new ArrayList<>();
        for (String permission : new LinkedHashSet<>(Form.list("permissions", permissions, 200))) {
            parsed.add(Form.permission("permissions", permission));
        }
        List<String> above = List.copyOf(new LinkedHashSet<>(Form.list("parents", parents, 20)));
        if (parsed.isEmpty() && above.isEmpty()) {
            throw Grants.invalid("a role needs 'permissions' or 'parents'");
        }
        return new OfRole(Form.name(name), Form.text("description", description, 500), parsed, above);
    }

    static OfBinding binding(
            @Nullable String principal,
            @Nullable String role,
            @Nullable String resourceType,
            @Nullable String resourceId,
            @Nullable Instant expiresAt) {
        if ((resourceType == null) != (resourceId == null)) {
            throw Grants.invalid("give both 'resource_type' and 'resource_id', or neither for the whole tenant");
        }
        String to = Form.principal(principal);
        if (to.isEmpty() || role == null) {
            throw Grants.invalid("send {\"principal\": \"user:...\", \"role\": \"...\"}");
        }
        Binding.Target target = resourceType == null || resourceId == null
                ? null
                : new Binding.Target(Form.type(resourceType), Form.text("resource_id", resourceId, 255));
        return new OfBinding(to, role, target, expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS));
    }

    static OfPolicy policy(
            @Nullable String name,
            @Nullable String description,
            @Nullable String effect,
            @Nullable String target,
            @Nullable String principal,
            @Nullable String condition,
            @Nullable List<String> addresses,
            boolean force) {
        Policy.Effect what = Form.effect(effect);
        List<String> from = Form.list("addresses", addresses, 256);
        if ((what == Policy.Effect.RESTRICT) == from.isEmpty()) {
            throw Grants.invalid("'addresses' belong to the effect restrict, and to no other");
        }
        return new OfPolicy(
                Form.name(name),
                Form.text("description", description, 500),
                what,
                Form.permission("target", target == null ? Permission.ALL.toString() : target),
                Form.principal(principal),
                Form.condition(condition),
                from,
                force);
    }

    /** How the members are written. */
    final class Form {
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
        private static final Pattern PRINCIPAL = Pattern.compile("(user|key|group|service):[\\x21-\\x7e]{1,200}");

        private Form() {}

        // ASCII only: no two names look alike
        private static String name(@Nullable String text) {
            if (text == null || !NAME.matcher(text).matches()) {
                throw Grants.invalid("'name' has 1 to 63 lower-case letters, digits, '-' and '_', and begins with a letter");
            }
            return text;
        }

        private static String text(String member, @Nullable String text, int longest) {
            String stripped = text == null ? "" : text.strip();
            if (stripped.length() > longest || stripped.chars().anyMatch(Character::isISOControl)) {
                throw Grants.invalid("'" + member + "' has at most " + longest + " characters and no control characters");
            }
            return stripped;
        }

        private static String principal(@Nullable String text) {
            if (text == null || text.isEmpty()) {
                return "";
            }
            if (!PRINCIPAL.matcher(text).matches()) {
                throw Grants.invalid("'principal' is written user:<id>, key:<prefix>, service:<id> or group:<name>");
            }
            return text;
        }

        private static List<String> list(String member, @Nullable List<@Nullable String> texts, int most) {
            List<String> all = new ArrayList<>();
            for (String text : texts == null ? List.<String>of() : texts) {
                if (text == null || text.isEmpty() || text.length() > 512 || text.chars().anyMatch(Character::isISOControl)) {
                    throw Grants.invalid("an entry of '" + member + "' has 1 to 512 characters and no control characters");
                }
                all.add(text);
            }
            if (all.size() > most) {
                throw Grants.invalid("'" + member + "' has at most " + most + " entries");
            }
            return all;
        }

        private static Permission permission(String member, String text) {
            try {
                return Permission.parse(text);
            } catch (IllegalArgumentException e) {
                throw Grants.invalid("'" + member + "': " + e.getMessage());
            }
        }

        private static GtsPattern type(String text) {
            try {
                return GtsPattern.parse(text);
            } catch (IllegalArgumentException e) {
                throw Grants.invalid("'resource_type': " + e.getMessage());
            }
        }

        private static Policy.Effect effect(@Nullable String text) {
            for (Policy.Effect effect : Policy.Effect.values()) {
                if (effect.text().equals(text)) {
                    return effect;
                }
            }
            throw Grants.invalid("'effect' is permit, forbid or restrict; got " + String.valueOf(text).toLowerCase(Locale.ROOT));
        }

        // line ends are allowed here: long conditions have more than one line
        private static String condition(@Nullable String text) {
            return text == null ? "" : text.strip();
        }
    }
}
