// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import static io.hyperspot.security.users.store.Tables.RECOVERY;
import static io.hyperspot.security.users.store.Tables.USER;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Message;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.users.store.Tables.UserRow;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** Users in the database. */
final class UserRows {
    static final TenantScope PLATFORM = TenantScope.platform("who logs in is known before the tenant");

    private final Database database;
    private final TimeOrderedId ids = new TimeOrderedId(new SecureRandom());

    UserRows(Database database) {
        this.database = database;
    }

    String newId(long now) {
        return ids.next(now).toString();
    }

    boolean any() {
        return database.read(PLATFORM, rows -> rows.from(USER).limit(1).fetchFirst().isPresent());
    }

    /** Whoever logs in with a name, of whatever tenant. */
    Optional<UserRow> named(LoginName name) {
        return database.read(PLATFORM, rows -> rows.from(USER).where(USER.nameKey.eq(name.key())).fetchFirst());
    }

    Optional<UserRow> invited(String setupHash, long now) {
        return database.read(PLATFORM, rows -> rows.from(USER)
                .where(USER.setupHash.eq(setupHash).and(USER.setupUntil.gt(now)))
                .fetchFirst());
    }

    List<User> list(SecurityContext ctx, @Nullable String after, @Nullable String before, int limit) {
        return database.read(TenantScope.of(ctx), rows -> {
            var found = rows.from(USER);
            if (after != null) {
                found.where(USER.id.lt(after));
            }
            if (before != null) {
                found.where(USER.id.gt(before));
            }
            return found.orderBy(before == null ? USER.id.desc() : USER.id.asc()).limit(limit).fetch().stream()
                    .map(UserRows::user)
                    .toList();
        });
    }

    UserRow row(SecurityContext ctx, String id) {
        return database.read(TenantScope.of(ctx), rows -> rows.from(USER).where(USER.id.eq(id)).fetchFirst())
                .orElseThrow(UserRows::notFound);
    }

    User find(SecurityContext ctx, String id) {
        return user(row(ctx, id));
    }

    static ProblemException notFound() {
        return new ProblemException(
                ErrorCategory.NOT_FOUND, "USER_NOT_FOUND", "the tenant has no such user; GET /auth/v1/users lists all");
    }

    <T extends @Nullable Object> T write(TenantScope scope, Function<? super Writing, T> work) {
        return database.write(scope, work);
    }

    /** Names belong to the whole server: whoever logs in says no tenant. */
    void insert(UserRow row, int most, Consumer<Writing> also) {
        database.<@Nullable Void>write(PLATFORM, rows -> {
            if (rows.from(USER).where(USER.nameKey.eq(row.get(USER.nameKey))).count() > 0) {
                throw new ProblemException(
                        ErrorCategory.ALREADY_EXISTS, "USER_NAME_TAKEN", "somebody on this server logs in with this name; choose another");
            }
            if (rows.from(USER).where(USER.tenantId.eq(row.get(USER.tenantId))).count() >= most) {
                throw new ProblemException(
                        ErrorCategory.RESOURCE_EXHAUSTED, "TOO_MANY_USERS", "the tenant has " + most + " users; delete some");
            }
            rows.insert(row);
            also.accept(rows);
            return null;
        });
    }

    /**
     * Changes a user as it was seen.
     *
     * @throws ProblemException PRECONDITION_FAILED when it has changed since, or is gone
     */
    void change(TenantScope scope, UserRow seen, UserRow changes, Consumer<Writing> also) {
        long version = seen.get(USER.version);
        changes.set(USER.version, version + 1);
        Condition same = USER.id.eq(seen.get(USER.id)).and(USER.version.eq(version));
        database.<@Nullable Void>write(scope, rows -> {
            if (rows.update(changes, same) == 0) {
                throw new ProblemException(
                        ErrorCategory.PRECONDITION_FAILED, "CHANGED_SINCE", "it has changed since you read it, or is gone; read it again");
            }
            also.accept(rows);
            return null;
        });
    }

    /** The sessions end with what they rest on, also when this server does not live to end them. */
    static void endSessions(Writing rows, TenantId tenant, String subject) {
        rows.publish(new Message(Sessions.END_TOPIC, tenant, Map.of(Sessions.END_SUBJECT, subject)));
    }

    static void removeCodes(Writing rows, String user) {
        rows.delete(RECOVERY, RECOVERY.userId.eq(user));
    }

    static User user(UserRow row) {
        Long passwordAt = row.get(USER.passwordAt);
        User.State state = row.get(USER.disabled) != 0
                ? User.State.DISABLED
                : row.get(USER.password) == null ? User.State.INVITED : User.State.ACTIVE;
        return new User(
                row.get(USER.id),
                TenantId.of(row.get(USER.tenantId)),
                row.get(USER.name),
                row.get(USER.displayName),
                lines(row.get(USER.groups)),
                state,
                passwordAt == null ? null : Instant.ofEpochMilli(passwordAt),
                row.get(USER.totpConfirmed) != 0,
                Instant.ofEpochMilli(row.get(USER.createdAt)),
                row.get(USER.version));
    }

    static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }
}
