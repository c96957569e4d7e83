// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import static io.hyperspot.security.users.store.Tables.RECOVERY;
import static io.hyperspot.security.users.store.Tables.USER;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.users.store.Tables.RecoveryRow;
import io.hyperspot.security.users.store.Tables.UserRow;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What people do with their own account. */
public final class Accounts {
    private static final int CODES = 10;
    private static final int HALF = 5;
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    /** An authenticator app's key, shown once. */
    public record Enrolment(String secret, String url) {
        @Override
        public String toString() {
            return "Enrolment[***]";
        }
    }

    private final UserRows rows;
    private final PasswordRules rules;
    private final PasswordHashes hashes;
    private final SetupTokens setup;
    private final Lockouts lockouts;
    private final Supplier<Sessions> sessions;
    private final Totp totp = new Totp();
    private final SecureRandom random;
    private final String issuer;
    private final Clock clock;

    Accounts(
            UserRows rows,
            PasswordRules rules,
            PasswordHashes hashes,
            SetupTokens setup,
            Lockouts lockouts,
            Supplier<Sessions> sessions,
            SecureRandom random,
            String issuer,
            Clock clock) {
        this.rows = rows;
        this.rules = rules;
        this.hashes = hashes;
        this.setup = setup;
        this.lockouts = lockouts;
        this.sessions = sessions;
        this.random = random;
        this.issuer = issuer;
        this.clock = clock;
    }

    private UserRow row(SecurityContext ctx) {
        if (!ctx.subject().startsWith(User.SUBJECT)) {
            throw noAccount();
        }
        try {
            return rows.row(ctx, ctx.subject().substring(User.SUBJECT.length()));
        } catch (ProblemException e) {
            throw e.code().equals("USER_NOT_FOUND") ? noAccount() : e;
        }
    }

    private static ProblemException noAccount() {
        return new ProblemException(
                ErrorCategory.FAILED_PRECONDITION, "NO_LOCAL_USER", "the caller has no account here, but comes with a key or by another login");
    }

    /** The caller's own. */
    public User own(SecurityContext ctx) {
        return UserRows.user(row(ctx));
    }

    /** Also of somebody who has stolen a session the password is asked. */
    private UserRow confirmed(SecurityContext ctx, char[] password) {
        UserRow row = row(ctx);
        String counted = row.get(USER.nameKey);
        long now = clock.millis();
        long wait = lockouts.wait(counted, "account", now);
        if (wait > 0) {
            throw tooMany(wait);
        }
        if (!hashes.check(password, row.get(USER.password))) {
            lockouts.failed(counted, "account", now);
            throw new ProblemException(ErrorCategory.PERMISSION_DENIED, "PASSWORD_WRONG", "the password is wrong");
        }
        lockouts.succeeded(counted, "account");
        return row;
    }

    private static ProblemException tooMany(long waitMillis) {
        long seconds = Math.ceilDiv(waitMillis, 1000);
        return new ProblemException(
                ErrorCategory.RESOURCE_EXHAUSTED,
                "TOO_MANY_ATTEMPTS",
                "too many wrong attempts; try again in " + seconds + " s",
                java.util.Map.of("retry_after_seconds", seconds),
                null);
    }

    /** Everybody who is logged in with it is logged out, this caller too. */
    public void changePassword(SecurityContext ctx, char[] password, char[] next) {
        UserRow seen = confirmed(ctx, password);
        User user = UserRows.user(seen);
        UserAdmin.check(rules, next, user.name());
        AuditEvent event = AuditEvent.done(ctx, "user.password", user.subject()).with("name", user.name());
        rows.change(TenantScope.of(ctx), seen, chosen(next), writing -> {
            event.publish(writing);
            UserRows.endSessions(writing, ctx.tenant(), user.subject());
        });
        sessions.get().endAll(ctx, user.subject());
    }

    private UserRow chosen(char[] password) {
        UserRow changes = new UserRow();
        changes.set(USER.password, hashes.hash(password));
        changes.set(USER.passwordAt, clock.millis());
        changes.set(USER.setupHash, null);
        changes.set(USER.setupUntil, null);
        return changes;
    }

    /**
     * Chooses the first password, or the one after a reset.
     *
     * @throws ProblemException UNAUTHENTICATED for a token that is unknown, used or too old
     */
    public User setUp(String token, char[] password) {
        UserRow seen = rows.invited(setup.hash(token), clock.millis())
                .filter(row -> row.get(USER.disabled) == 0)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.UNAUTHENTICATED,
                        "SETUP_TOKEN_WRONG",
                        "the setup token is unknown, used or too old; whoever manages the users can make another"));
        User user = UserRows.user(seen);
        UserAdmin.check(rules, password, user.name());
        AuditEvent event = event(user, "user.password").with("by", "setup token");
        rows.change(TenantScope.of(Set.of(user.tenant())), seen, chosen(password), event::publish);
        return rows.find(new SecurityContext(user.subject(), user.tenant(), List.of()), user.id());
    }

    private static AuditEvent event(User user, String action) {
        return AuditEvent.done(new SecurityContext(user.subject(), user.tenant(), List.of()), action, user.subject())
                .with("name", user.name());
    }

    /** Makes a key for an app; no code is asked for until one is confirmed. */
    public Enrolment enrol(SecurityContext ctx, char[] password) {
        UserRow seen = confirmed(ctx, password);
        if (seen.get(USER.totpConfirmed) != 0) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION, "TOTP_ALREADY_ON", "an authenticator app is in use; take it off first");
        }
        byte[] secret = Totp.newSecret(random);
        UserRow changes = new UserRow();
        changes.set(USER.totpSecret, setup.secret().get().encrypt(secret, seen.get(USER.id)));
        changes.set(USER.totpStep, 0L);
        rows.change(TenantScope.of(ctx), seen, changes, writing -> {});
        return new Enrolment(Totp.text(secret), Totp.url(issuer, seen.get(USER.name), secret));
    }

    /** From now on a code is asked for. Gives recovery codes, shown once. */
    public List<String> confirm(SecurityContext ctx, String code) {
        UserRow seen = row(ctx);
        String sealed = seen.get(USER.totpSecret);
        if (sealed == null || seen.get(USER.totpConfirmed) != 0) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION, "TOTP_NOT_BEGUN", "no authenticator app waits to be confirmed; begin with POST /auth/v1/account/totp");
        }
        long now = clock.millis();
        long wait = lockouts.wait(seen.get(USER.nameKey), "account", now);
        if (wait > 0) {
            throw tooMany(wait);
        }
        OptionalLong step = totp.step(open(seen, sealed), code, clock.instant(), seen.get(USER.totpStep));
        if (step.isEmpty()) {
            lockouts.failed(seen.get(USER.nameKey), "account", now);
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "TOTP_CODE_WRONG", "the code is wrong; the app and this server must have the same time");
        }
        UserRow changes = new UserRow();
        changes.set(USER.totpConfirmed, 1);
        changes.set(USER.totpStep, step.getAsLong());
        List<String> codes = newCodes();
        User user = UserRows.user(seen);
        AuditEvent event = AuditEvent.done(ctx, "user.totp_add", user.subject()).with("name", user.name());
        rows.change(TenantScope.of(ctx), seen, changes, writing -> {
            store(writing, user, codes);
            event.publish(writing);
        });
        return codes;
    }

    private byte[] open(UserRow row, String sealed) {
        return setup.secret().get().decrypt(sealed, row.get(USER.id));
    }

    private List<String> newCodes() {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < CODES; i++) {
            StringBuilder code = new StringBuilder();
            for (int j = 0; j < 2 * HALF; j++) {
                code.append(j == HALF ? "-" : "").append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            codes.add(code.toString());
        }
        return List.copyOf(codes);
    }

    private void store(Writing writing, User user, List<String> codes) {
        UserRows.removeCodes(writing, user.id());
        for (String code : codes) {
            RecoveryRow row = new RecoveryRow();
            row.set(RECOVERY.id, rows.newId(clock.millis()));
            row.set(RECOVERY.tenantId, user.tenant().toString());
            row.set(RECOVERY.userId, user.id());
            row.set(RECOVERY.hash, hash(user.id(), code));
            writing.insert(row);
        }
    }

    private String hash(String user, String code) {
        String typed = code.toLowerCase(Locale.ROOT).replaceAll("[ -]", "");
        return setup.secret().get().hash("recovery " + user + " " + typed);
    }

    /** The codes before are worth nothing any more. */
    public List<String> newRecoveryCodes(SecurityContext ctx, char[] password) {
        UserRow seen = confirmed(ctx, password);
        if (seen.get(USER.totpConfirmed) == 0) {
            throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "TOTP_NOT_ON", "without an authenticator app there is nothing to recover");
        }
        List<String> codes = newCodes();
        User user = UserRows.user(seen);
        AuditEvent event = AuditEvent.done(ctx, "user.recovery_codes", user.subject()).with("name", user.name());
        rows.change(TenantScope.of(ctx), seen, new UserRow(), writing -> {
            store(writing, user, codes);
            event.publish(writing);
        });
        return codes;
    }

    /** From now on no code is asked for. */
    public void removeTotp(SecurityContext ctx, char[] password) {
        UserRow seen = confirmed(ctx, password);
        User user = UserRows.user(seen);
        AuditEvent event = AuditEvent.done(ctx, "user.totp_remove", user.subject()).with("name", user.name());
        rows.change(TenantScope.of(ctx), seen, withoutTotp(), writing -> {
            UserRows.removeCodes(writing, user.id());
            event.publish(writing);
        });
    }

    static UserRow withoutTotp() {
        UserRow changes = new UserRow();
        changes.set(USER.totpSecret, null);
        changes.set(USER.totpConfirmed, 0);
        return changes;
    }

    /** Uses up a code of the app or a recovery code; false for one that is wrong or was used. */
    boolean use(UserRow row, String code) {
        User user = UserRows.user(row);
        TenantScope scope = TenantScope.of(Set.of(TenantId.of(row.get(USER.tenantId))));
        String sealed = row.get(USER.totpSecret);
        OptionalLong step = sealed == null
                ? OptionalLong.empty()
                : totp.step(open(row, sealed), code, clock.instant(), row.get(USER.totpStep));
        if (step.isPresent()) {
            UserRow changes = new UserRow();
            changes.set(USER.totpStep, step.getAsLong());
            return rows.<Integer>write(
                            scope,
                            writing -> writing.update(changes, USER.id.eq(user.id()).and(USER.totpStep.lt(step.getAsLong()))))
                    == 1;
        }
        String hash = hash(user.id(), code);
        AuditEvent event = event(user, "user.recovery_code");
        return rows.<Boolean>write(scope, writing -> {
            boolean used = writing.delete(RECOVERY, RECOVERY.userId.eq(user.id()).and(RECOVERY.hash.eq(hash))) == 1;
            if (used) {
                event.publish(writing);
            }
            return used;
        });
    }

    /** Stores a password again that was hashed with other parameters than new ones. */
    void rehash(UserRow row, @Nullable String hash, char[] password) {
        if (hash == null || !hashes.isOutdated(hash)) {
            return;
        }
        UserRow changes = new UserRow();
        changes.set(USER.password, hashes.hash(password));
        rows.<Integer>write(
                TenantScope.of(Set.of(TenantId.of(row.get(USER.tenantId)))),
                writing -> writing.update(changes, USER.id.eq(row.get(USER.id)).and(USER.password.eq(hash))));
    }
}
