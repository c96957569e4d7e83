// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import static io.hyperspot.security.users.store.Tables.USER;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.users.store.Tables.UserRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What administrators do with the users of their tenant. */
public final class UserAdmin {
    private static final int MOST_USERS = 100_000;
    private static final int MOST_GROUPS = 50;
    private static final int LONGEST_DISPLAY_NAME = 100;
    private static final Pattern GROUP = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /**
     * A user who has still to choose a password.
     *
     * @param setupToken by which they do, shown once; null: they have a password
     */
    public record Made(User user, @Nullable String setupToken) {
        @Override
        public String toString() {
            return "Made[user=" + user + "]";
        }
    }

    private final UserRows rows;
    private final PasswordRules rules;
    private final PasswordHashes hashes;
    private final SetupTokens setup;
    private final Supplier<Sessions> sessions;
    private final Clock clock;

    UserAdmin(UserRows rows, PasswordRules rules, PasswordHashes hashes, SetupTokens setup, Supplier<Sessions> sessions, Clock clock) {
        this.rows = rows;
        this.rules = rules;
        this.hashes = hashes;
        this.setup = setup;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Newest first. */
    public List<User> list(SecurityContext ctx, @Nullable String after, int limit) {
        return rows.list(ctx, after, null, limit);
    }

    /** Those that are newer than one, the nearest first. */
    public List<User> listBefore(SecurityContext ctx, String before, int limit) {
        return rows.list(ctx, null, before, limit);
    }

    /** @throws ProblemException NOT_FOUND */
    public User find(SecurityContext ctx, String id) {
        return rows.find(ctx, id);
    }

    /** @param password null: the person chooses it */
    public Made create(
            SecurityContext ctx, @Nullable String name, @Nullable String displayName, List<String> groups, char @Nullable [] password) {
        LoginName login = LoginName.of(name == null ? "" : name)
                .orElseThrow(() -> invalid("'name' must have 1 to " + LoginName.LONGEST
                        + " letters of one script, digits and . _ - @ +, and begin with a letter or a digit"));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        UserRow row = new UserRow();
        String id = rows.newId(now.toEpochMilli());
        row.set(USER.id, id);
        row.set(USER.tenantId, ctx.tenant().toString());
        row.set(USER.name, login.shown());
        row.set(USER.nameKey, login.key());
        row.set(USER.displayName, display(displayName == null ? login.shown() : displayName));
        row.set(USER.groups, String.join("\n", groups(groups)));
        row.set(USER.disabled, 0);
        row.set(USER.totpConfirmed, 0);
        row.set(USER.totpStep, 0L);
        row.set(USER.createdAt, now.toEpochMilli());
        row.set(USER.version, 1L);
        String token = credential(row, login.shown(), password, now);
        AuditEvent event = AuditEvent.done(ctx, "user.create", User.SUBJECT + id)
                .with("name", login.shown())
                .with("groups", String.join(" ", groups));
        rows.insert(row, MOST_USERS, event::publish);
        return new Made(rows.find(ctx, id), token);
    }

    /** A password, or a token by which the person chooses one. */
    private @Nullable String credential(UserRow row, String name, char @Nullable [] password, Instant now) {
        if (password == null) {
            String token = setup.generate();
            row.set(USER.password, null);
            row.set(USER.passwordAt, null);
            row.set(USER.setupHash, setup.hash(token));
            row.set(USER.setupUntil, now.plus(setup.life()).toEpochMilli());
            return token;
        }
        check(rules, password, name);
        row.set(USER.password, hashes.hash(password));
        row.set(USER.passwordAt, now.toEpochMilli());
        row.set(USER.setupHash, null);
        row.set(USER.setupUntil, null);
        return null;
    }

    static void check(PasswordRules rules, char[] password, String name) {
        String wrong = rules.wrong(password, name);
        if (wrong != null) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "PASSWORD_NOT_TAKEN", wrong + "; choose another");
        }
    }

    private static String display(String text) {
        String stripped = text.strip();
        boolean odd = stripped.codePoints()
                .anyMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        || Character.getType(c) == Character.SURROGATE
                        || Character.getType(c) == Character.UNASSIGNED);
        if (stripped.isEmpty() || stripped.length() > LONGEST_DISPLAY_NAME || odd) {
            throw invalid("'display_name' must have 1 to " + LONGEST_DISPLAY_NAME + " characters that can be seen");
        }
        return stripped;
    }

    private static List<String> groups(List<String> groups) {
        if (groups.size() > MOST_GROUPS || groups.stream().anyMatch(group -> group == null || !GROUP.matcher(group).matches())) {
            throw invalid("'groups' must be at most " + MOST_GROUPS
                    + " names of lower-case letters, digits and . _ -, of 64 characters at most");
        }
        return groups.stream().distinct().sorted().toList();
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_USER", detail);
    }

    /**
     * Changes a user from the version that the caller has seen. Whoever is disabled, or has other groups now, is
     * logged out.
     *
     * @param displayName and the others: null: as it is
     */
    public User update(
            SecurityContext ctx,
            String id,
            long version,
            @Nullable String displayName,
            @Nullable List<String> groups,
            @Nullable Boolean disabled) {
        UserRow seen = seen(ctx, id, version);
        User before = UserRows.user(seen);
        List<String> wanted = groups == null ? before.groups() : groups(groups);
        UserRow changes = new UserRow();
        if (displayName != null) {
            changes.set(USER.displayName, display(displayName));
        }
        changes.set(USER.groups, String.join("\n", wanted));
        if (disabled != null) {
            changes.set(USER.disabled, disabled ? 1 : 0);
        }
        boolean wasDisabled = before.state() == User.State.DISABLED;
        boolean disables = Boolean.TRUE.equals(disabled) && !wasDisabled;
        boolean enables = Boolean.FALSE.equals(disabled) && wasDisabled;
        boolean regroups = !wanted.equals(before.groups());
        if (disables && before.subject().equals(ctx.subject())) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION, "OWN_USER", "nobody can disable or delete themselves; another administrator can");
        }
        AuditEvent event = AuditEvent.done(ctx, disables ? "user.disable" : enables ? "user.enable" : "user.update", before.subject())
                .with("name", before.name());
        AuditEvent full = regroups ? event.with("groups", String.join(" ", wanted)) : event;
        rows.change(TenantScope.of(ctx), seen, changes, writing -> {
            full.publish(writing);
            if (disables || regroups) {
                UserRows.endSessions(writing, ctx.tenant(), before.subject());
            }
        });
        if (disables || regroups) {
            sessions.get().endAll(ctx, before.subject());
        }
        return rows.find(ctx, id);
    }

    private UserRow seen(SecurityContext ctx, String id, long version) {
        UserRow row = rows.row(ctx, id);
        if (row.get(USER.version) != version) {
            throw new ProblemException(
                    ErrorCategory.PRECONDITION_FAILED, "CHANGED_SINCE", "it has changed since you read it, or is gone; read it again");
        }
        return row;
    }

    /** Deletes a user, who is logged out. The id is never given again. */
    public void delete(SecurityContext ctx, String id) {
        User user = rows.find(ctx, id);
        if (user.subject().equals(ctx.subject())) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION, "OWN_USER", "nobody can disable or delete themselves; another administrator can");
        }
        AuditEvent event = AuditEvent.done(ctx, "user.delete", user.subject()).with("name", user.name());
        rows.<@Nullable Void>write(TenantScope.of(ctx), writing -> {
            UserRows.removeCodes(writing, id);
            if (writing.delete(USER, USER.id.eq(id)) == 0) {
                throw UserRows.notFound();
            }
            event.publish(writing);
            UserRows.endSessions(writing, ctx.tenant(), user.subject());
            return null;
        });
        sessions.get().endAll(ctx, user.subject());
    }

    /**
     * Takes a password away, or gives another. The user is logged out, and goes on to need the authenticator app.
     *
     * @param password null: the person chooses it
     */
    public Made reset(SecurityContext ctx, String id, char @Nullable [] password) {
        UserRow seen = rows.row(ctx, id);
        User user = UserRows.user(seen);
        UserRow changes = new UserRow();
        String token = credential(changes, user.name(), password, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        AuditEvent event = AuditEvent.done(ctx, "user.password", user.subject()).with("name", user.name()).with("by", "administrator");
        rows.change(TenantScope.of(ctx), seen, changes, writing -> {
            event.publish(writing);
            UserRows.endSessions(writing, ctx.tenant(), user.subject());
        });
        sessions.get().endAll(ctx, user.subject());
        return new Made(rows.find(ctx, id), token);
    }

    /** For somebody who has lost the authenticator app and the recovery codes. */
    public void removeTotp(SecurityContext ctx, String id) {
        UserRow seen = rows.row(ctx, id);
        User user = UserRows.user(seen);
        if (seen.get(USER.totpSecret) == null) {
            return;
        }
        AuditEvent event = AuditEvent.done(ctx, "user.totp_remove", user.subject()).with("name", user.name()).with("by", "administrator");
        rows.change(TenantScope.of(ctx), seen, Accounts.withoutTotp(), writing -> {
            UserRows.removeCodes(writing, id);
            event.publish(writing);
        });
    }

    /** How long an invitation holds. */
    public Duration invitationLife() {
        return setup.life();
    }
}
