// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import static io.hyperspot.security.users.store.Tables.USER;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.Permission;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.PasswordWorker;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.users.store.Tables.UserRow;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** People with a password kept here. */
@Component(
        service = {PasswordWorker.class, UsersModule.class, HealthContributor.class},
        configurationPid = "auth-users")
@Designate(ocd = UsersConfig.class)
@GtsWorker(type = PasswordWorker.TYPE, instance = PasswordWorker.TYPE + "hyperspot.auth.users.worker.v1")
public final class UsersModule implements PasswordWorker, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(UsersModule.class);
    private static final String MODULE = "auth_users";
    private static final String WRONG = "the name, the password or the code is wrong";
    private static final List<Permission> UNLIMITED = List.of(Permission.ALL);

    /** How passwords are hashed, and what else is configured. */
    record Settings(int memory, int iterations, int atOnce, Duration setupLife, String issuer) {}

    private final Path file;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final UserRows rows;
    private final PasswordHashes hashes;
    private final Lockouts lockouts = new Lockouts();
    private final UserAdmin admin;
    private final Accounts accounts;
    private final Loading loading;
    private volatile @Nullable UserSecret secret;
    private volatile String trouble = "the users are being loaded";

    @Activate
    public UsersModule(
            BundleContext context, UsersConfig config, @Reference Databases databases, @Reference Sessions sessions) {
        this(
                home(context),
                new Settings(
                        config.argon2__memory__kib(),
                        config.argon2__iterations(),
                        config.checks__at__once(),
                        Duration.ofHours(config.setup__hours()),
                        config.issuer()),
                databases,
                Migration.of(context.getBundle(), MODULE),
                sessions,
                Clock.systemUTC());
    }

    UsersModule(
            Path home, Settings settings, Databases databases, List<Migration> migrations, Sessions sessions, Clock clock) {
        this.clock = clock;
        file = home.resolve("data").resolve("secrets").resolve("auth-users-secret");
        rows = new UserRows(databases.open(MODULE, migrations));
        hashes = new PasswordHashes(settings.memory(), settings.iterations(), settings.atOnce(), random);
        SetupTokens setup = new SetupTokens(this::secret, random, settings.setupLife());
        PasswordRules rules = new PasswordRules();
        admin = new UserAdmin(rows, rules, hashes, setup, () -> sessions, clock);
        accounts = new Accounts(rows, rules, hashes, setup, lockouts, () -> sessions, random, settings.issuer(), clock);
        loading = Loading.start("auth-users", this::load, this::notLoaded);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home);
    }

    @Deactivate
    void close() {
        loading.close();
    }

    private void load() throws IOException {
        Optional<UserSecret> found = UserSecret.read(file, random);
        if (found.isEmpty() && rows.any()) {
            throw new IOException("the file " + file + " is missing, without which no code can be checked; restore it");
        }
        secret = found.isPresent() ? found.get() : UserSecret.create(file, random);
        trouble = "";
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the users cannot be loaded: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    private UserSecret secret() {
        UserSecret known = secret;
        if (known == null) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "USERS_UNAVAILABLE", trouble + "; try again in a moment");
        }
        return known;
    }

    /** What administrators do. */
    public UserAdmin admin() {
        return admin;
    }

    /** What people do with their own account. */
    public Accounts accounts() {
        return accounts;
    }

    @Override
    public String provider() {
        return "users";
    }

    @Override
    public Recognition check(Attempt attempt) {
        if (secret == null) {
            return new Recognition.Undecided(trouble + "; try again in a moment");
        }
        try {
            return recognized(attempt);
        } catch (ProblemException e) {
            if (e.category() == ErrorCategory.UNAVAILABLE || e.category() == ErrorCategory.DEADLINE_EXCEEDED) {
                log.warn("a login could not be checked: {} {}", e.code(), e.detail());
                return new Recognition.Undecided("users cannot be looked up now; try again in a moment");
            }
            throw e;
        }
    }

    private Recognition recognized(Attempt attempt) {
        long now = clock.millis();
        String counted = LoginName.countedAs(attempt.name());
        long wait = lockouts.wait(counted, attempt.address(), now);
        if (wait > 0) {
            return new Recognition.Refused(
                    "there were too many wrong attempts for this name; try again in " + Math.ceilDiv(wait, 1000L) + " s");
        }
        UserRow row = LoginName.of(attempt.name()).flatMap(rows::named).orElse(null);
        String hash = row == null ? null : row.get(USER.password);
        boolean right = hashes.check(attempt.password(), hash);
        if (row == null || !right || row.get(USER.disabled) != 0) {
            return wrong(counted, attempt, now);
        }
        if (row.get(USER.totpConfirmed) != 0) {
            String code = attempt.code();
            if (code == null) {
                return new Recognition.CodeNeeded("send the code of the authenticator app too, or a recovery code");
            }
            if (!accounts.use(row, code)) {
                return wrong(counted, attempt, now);
            }
        }
        if (!isStill(row, hash)) {
            return wrong(counted, attempt, now);
        }
        lockouts.succeeded(counted, attempt.address());
        accounts.rehash(row, hash, attempt.password());
        User user = UserRows.user(row);
        return new Recognition.Recognized(
                new Identity(user.subject(), user.displayName(), user.tenant(), user.groups(), UNLIMITED), Instant.MAX);
    }

    /** The check takes its time: whoever was disabled meanwhile, or has another password now, does not slip in. */
    private boolean isStill(UserRow row, @Nullable String hash) {
        return LoginName.of(row.get(USER.name))
                .flatMap(rows::named)
                .filter(now -> now.get(USER.disabled) == 0 && Objects.equals(now.get(USER.password), hash))
                .isPresent();
    }

    private Recognition wrong(String counted, Attempt attempt, long now) {
        lockouts.failed(counted, attempt.address(), now);
        return new Recognition.Refused(WRONG);
    }

    @Override
    public String name() {
        return "auth-users";
    }

    @Override
    public Health health() {
        return trouble.isEmpty() ? Health.up() : Health.down(trouble);
    }
}
