// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.Entry;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.Permission;
import io.hyperspot.security.ldap.Person.UnusableException;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.PasswordWorker;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** People with a password in one directory (RFC 4511, RFC 4513). */
@Component(
        service = {PasswordWorker.class, HealthContributor.class},
        configurationPid = "auth-ldap",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LdapConfig.class, factory = true)
@GtsWorker(type = PasswordWorker.TYPE, instance = PasswordWorker.TYPE + "hyperspot.auth.ldap.{name}.v1")
public final class LdapPasswordWorker implements PasswordWorker, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(LdapPasswordWorker.class);

    /** One for everything, as for a name that nobody has. */
    private static final Refused WRONG = new Refused("the name or the password is wrong");

    private static final Undecided LATER = new Undecided("the directory cannot be asked now; try again in a moment");
    private static final Undecided BUSY = new Undecided("too many people log in by the directory at once; try again in a moment");
    private static final List<Permission> UNLIMITED = List.of(Permission.ALL);

    /** More wait for the directory in vain: each would hold a thread. */
    private static final int AT_ONCE = 256;

    private final String name;
    private final DirectoryHealth health;
    private final Duration refusal;
    private final @Nullable LdapSettings settings;
    private final @Nullable Directory directory;
    private final Semaphore atOnce = new Semaphore(AT_ONCE);

    @Activate
    public LdapPasswordWorker(@Reference ConfiguredSecrets secrets, LdapConfig config, Map<String, Object> properties) {
        this(secrets, config, properties, System::nanoTime);
    }

    LdapPasswordWorker(ConfiguredSecrets secrets, LdapConfig config, Map<String, Object> properties, LongSupplier nanos) {
        name = properties.get("instance.name") instanceof String given ? given : "ldap";
        health = new DirectoryHealth(name);
        LdapSettings usable = null;
        Directory opened = null;
        try {
            usable = LdapSettings.of(name, config);
            opened = new Directory(usable, tls(usable, secrets, config), secrets.of(config._bind__password()), health, nanos);
        } catch (IllegalArgumentException e) {
            health.misconfigured(String.valueOf(e.getMessage()));
        } catch (ProblemException e) {
            health.misconfigured("'trust_password' cannot be read: " + e.detail());
        }
        settings = usable;
        directory = opened;
        refusal = usable == null ? Duration.ZERO : usable.limits().refusal();
    }

    private static @Nullable SSLContext tls(LdapSettings settings, ConfiguredSecrets secrets, LdapConfig config) {
        return settings.transport() == Transport.PLAIN
                ? null
                : Certificates.trusting(
                        config.trust__file().strip(), secrets.of(config._trust__password()).reveal().toCharArray());
    }

    @Deactivate
    void close() {
        if (directory != null) {
            directory.close();
        }
    }

    @Override
    public String provider() {
        return name;
    }

    @Override
    public Recognition check(Attempt attempt) {
        LdapSettings known = settings;
        Directory asked = directory;
        if (known == null || asked == null) {
            return LATER;
        }
        if (!atOnce.tryAcquire()) {
            return BUSY;
        }
        long begun = System.nanoTime();
        try {
            Recognition recognition = check(attempt, known, asked);
            if (recognition instanceof Refused) {
                waitUntil(begun + refusal.toNanos());
            }
            return recognition;
        } finally {
            atOnce.release();
        }
    }

    private Recognition check(Attempt attempt, LdapSettings known, Directory asked) {
        TypedName typed = TypedName.of(attempt.name()).orElse(null);
        Optional<PasswordBytes> password = PasswordBytes.of(attempt.password());
        if (password.isEmpty()) {
            return refused("the password is empty, or holds what no password holds");
        }
        try (PasswordBytes bytes = password.get()) {
            if (typed == null) {
                return refused("the name holds what no name holds");
            }
            Recognition recognition = ask(typed, bytes, known, asked);
            health.asked(null);
            return recognition;
        } catch (DirectoryException e) {
            health.asked(e);
            return LATER;
        }
    }

    private Recognition ask(TypedName typed, PasswordBytes password, LdapSettings known, Directory asked)
            throws DirectoryException {
        List<? extends Entry> found = asked.find(typed);
        if (found.size() != 1) {
            asked.checkInVain(password.length());
            if (found.isEmpty()) {
                return refused("no entry matches");
            }
            log.warn("a login by directory {} was refused: more than one entry matches 'user_filter'", name);
            return WRONG;
        }
        Entry entry = found.getFirst();
        BindAnswer answer = asked.check(entry, password);
        if (!answer.right()) {
            return refused(answer.reason());
        }
        try {
            Person person = Person.of(entry, known, typed);
            List<String> groups = asked.groups(entry);
            return new Recognized(
                    new Identity(person.subject(), person.name(), person.tenant(), groups, UNLIMITED), Instant.MAX);
        } catch (UnusableException e) {
            log.warn("a login by directory {} was refused although the password is right: {}", name, e.getMessage());
            return WRONG;
        }
    }

    private Refused refused(String reason) {
        log.debug("a login by directory {} was refused: {}", name, reason);
        return WRONG;
    }

    private static void waitUntil(long end) {
        long left = end - System.nanoTime();
        if (left > 0) {
            try {
                Thread.sleep(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String name() {
        return "auth-ldap-" + name;
    }

    @Override
    public Health health() {
        return health.health();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "passwords of directory " + name;
    }
}
