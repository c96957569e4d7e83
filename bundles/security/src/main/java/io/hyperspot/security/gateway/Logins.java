// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.sessions.SecurityConfig;
import io.hyperspot.security.sessions.SessionModule;
import io.hyperspot.security.spi.PasswordWorker;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.RedirectWorker;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets people log in, by the workers that know them. */
@Component(service = Logins.class, configurationPid = "security")
public final class Logins {
    private static final Logger log = LoggerFactory.getLogger(Logins.class);
    private static final String MODULE = "security";
    private static final int LONGEST_NAME = 320;
    private static final int LONGEST_PASSWORD = 1024;
    private static final int LONGEST_CODE = 64;
    private static final int LONGEST_RETURN = 512;

    /**
     * How somebody can log in.
     *
     * @param redirect at the page of somebody else
     */
    public record Provider(String name, boolean redirect) {}

    /**
     * Who tries, as far as the request says.
     *
     * @param before the token of the session that the browser has already, or null: it ends, and its token is
     *     never used again
     */
    public record Browser(String address, String agent, @Nullable String before) {}

    /** Where a browser goes to log in, and what it must bring back. */
    public record Leaving(URI location, String browserKey) {
        @Override
        public String toString() {
            return "Leaving[" + location.getHost() + "]";
        }
    }

    /** Somebody who came back and is in. */
    public record Arrived(SessionModule.Opened session, String returnTo) {}

    private final SessionModule sessions;
    private final Workers<PasswordWorker> passwords;
    private final Workers<RedirectWorker> redirects;
    private final Departures departures;
    private volatile String publicUrl;
    private volatile @Nullable AuditTrail audit;

    @Activate
    public Logins(
            BundleContext context,
            SecurityConfig config,
            @Reference Databases databases,
            @Reference SessionModule sessions,
            @Reference Workers.Factory factory) {
        this(
                databases,
                Migration.of(context.getBundle(), MODULE),
                sessions,
                factory.open(PasswordWorker.class, PasswordWorker.TYPE, PasswordWorker::provider),
                factory.open(RedirectWorker.class, RedirectWorker.TYPE, RedirectWorker::provider),
                config.public__url(),
                Clock.systemUTC());
    }

    /** As it is without a container. */
    public Logins(
            Databases databases,
            List<Migration> migrations,
            SessionModule sessions,
            Workers<PasswordWorker> passwords,
            Workers<RedirectWorker> redirects,
            String publicUrl,
            Clock clock) {
        this.sessions = sessions;
        this.passwords = passwords;
        this.redirects = redirects;
        this.publicUrl = publicUrl;
        departures = new Departures(databases.open(MODULE, migrations), new SecureRandom(), clock);
    }

    @Modified
    void modified(SecurityConfig config) {
        publicUrl = config.public__url();
    }

    @Deactivate
    void close() {
        passwords.close();
        redirects.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindAudit(AuditTrail next) {
        audit = next;
    }

    public void unbindAudit(AuditTrail gone) {
        if (gone.equals(audit)) {
            audit = null;
        }
    }

    /** All, in the order of their priority. */
    public List<Provider> providers() {
        List<Provider> found = new ArrayList<>();
        names(passwords.snapshot(), PasswordWorker::provider).forEach(name -> found.add(new Provider(name, false)));
        names(redirects.snapshot(), RedirectWorker::provider).forEach(name -> found.add(new Provider(name, true)));
        return List.copyOf(found);
    }

    private static <W> List<String> names(Workers.Snapshot<W> snapshot, java.util.function.Function<W, String> name) {
        return snapshot.all().stream()
                .map(handle -> {
                    String found = Calls.call(() -> handle, name);
                    return found == null ? "" : found;
                })
                .distinct()
                .toList();
    }

    /**
     * Logs somebody in who typed a password, which is overwritten.
     *
     * @param wrong told of a wrong password, a wrong code and a name that nobody has, before the answer
     * @throws ProblemException UNAUTHENTICATED with one sentence for whatever was wrong, NOT_FOUND when there is
     *     no such provider, UNAVAILABLE when it cannot be asked
     */
    public SessionModule.Opened login(
            String provider, String name, char[] password, @Nullable String code, Browser browser, Runnable wrong) {
        try {
            if (name.isBlank() || name.length() > LONGEST_NAME || password.length == 0 || password.length > LONGEST_PASSWORD
                    || (code != null && (code.isBlank() || code.length() > LONGEST_CODE))) {
                throw new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT,
                        "INVALID_LOGIN",
                        "send {\"provider\": \"...\", \"name\": \"...\", \"password\": \"...\"}, and \"code\" when it is asked for");
            }
            PasswordWorker.Attempt attempt = new PasswordWorker.Attempt(name, password, code, browser.address());
            Recognition recognition = Calls.call(
                    () -> known(passwords.snapshot(), provider), (PasswordWorker worker) -> worker.check(attempt));
            if (recognition == null) {
                throw noProvider(provider);
            }
            return admit(recognition, provider, name, browser, wrong);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static <W> @Nullable WorkerHandle<W> known(Workers.Snapshot<W> snapshot, String provider) {
        WorkerHandle<W> handle = snapshot.key(provider);
        String reason = handle == null ? snapshot.whyNot(provider) : null;
        if (reason != null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "LOGIN_PROVIDER_UNAVAILABLE", "this login is not possible now: " + reason);
        }
        return handle;
    }

    private static ProblemException noProvider(String provider) {
        String shown = provider.matches("[a-z0-9-]{1,64}") ? " '" + provider + "'" : " of this name";
        return new ProblemException(
                ErrorCategory.NOT_FOUND, "LOGIN_PROVIDER_NOT_FOUND", "there is no login" + shown + "; GET /auth/v1/providers lists all");
    }

    private SessionModule.Opened admit(
            Recognition recognition, String provider, String name, Browser browser, Runnable wrong) {
        return switch (recognition) {
            case Recognition.Recognized(var identity, var until) -> {
                if (browser.before() != null) {
                    sessions.end(browser.before());
                }
                yield sessions.open(identity, provider, until, browser.address(), browser.agent());
            }
            case Recognition.Refused(String reason) -> {
                denied(provider, name, browser, "refused");
                wrong.run();
                throw new ProblemException(ErrorCategory.UNAUTHENTICATED, "LOGIN_REFUSED", reason);
            }
            case Recognition.CodeNeeded(String reason) ->
                throw new ProblemException(ErrorCategory.UNAUTHENTICATED, "LOGIN_CODE_NEEDED", reason);
            case Recognition.Undecided(String reason) ->
                throw new ProblemException(ErrorCategory.UNAVAILABLE, "LOGIN_PROVIDER_UNAVAILABLE", reason);
        };
    }

    private void denied(String provider, String name, Browser browser, String why) {
        AuditTrail trail = audit;
        AuditEvent event = new AuditEvent(
                TenantId.ROOT,
                "anonymous",
                "session.login",
                "",
                AuditEvent.Outcome.DENIED,
                Map.of("provider", provider, "name", name, "address", browser.address(), "reason", why));
        if (trail == null) {
            log.info("a login by {} from {} was refused", provider, browser.address());
        } else {
            trail.notice(event);
        }
    }

    /**
     * Sends a browser to the page of somebody else.
     *
     * @param origin the server as the browser calls it, unless it is configured
     * @param returnTo a path of this server
     * @throws ProblemException INVALID_ARGUMENT for what is no local path; as {@link #login}
     */
    public Leaving depart(String provider, URI origin, @Nullable String returnTo) {
        String path = returnTo == null || returnTo.isEmpty() ? "/" : returnTo;
        if (!isLocal(path)) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_RETURN", "'return_to' must be a path of this server, such as /console");
        }
        String state = departures.unguessable();
        String browser = departures.unguessable();
        RedirectWorker.Departure departure = Calls.call(
                () -> known(redirects.snapshot(), provider),
                (RedirectWorker worker) -> worker.depart(callback(provider, origin), state));
        if (departure == null) {
            throw noProvider(provider);
        }
        departures.add(state, browser, provider, path, departure.memory(), sessions.secret());
        return new Leaving(departure.location(), browser);
    }

    /** Browsers take "//host", "/\host" and what they strip before it for another server. */
    static boolean isLocal(String path) {
        return path.length() <= LONGEST_RETURN
                && path.startsWith("/")
                && !path.startsWith("//")
                && path.chars().allMatch(c -> c > ' ' && c <= '~' && c != '\\');
    }

    private URI callback(String provider, URI origin) {
        String base = publicUrl.isBlank() ? origin.toString() : publicUrl.strip().replaceAll("/+$", "");
        return URI.create(base + "/auth/v1/login/" + provider + "/callback");
    }

    /**
     * Logs somebody in who came back.
     *
     * @param browserKey what the browser was given when it left, or null
     * @param answer with what it came
     * @throws ProblemException UNAUTHENTICATED also for a browser that is not the one that left
     */
    public Arrived complete(
            String provider, URI origin, @Nullable String browserKey, Map<String, String> answer, Browser browser, Runnable wrong) {
        String state = answer.getOrDefault("state", answer.getOrDefault("RelayState", ""));
        Departures.Arrival arrival = browserKey == null || state.isEmpty()
                ? null
                : departures.take(state, browserKey, sessions.secret()).orElse(null);
        if (arrival == null || !arrival.provider().equals(provider)) {
            denied(provider, "", browser, "state");
            throw new ProblemException(
                    ErrorCategory.UNAUTHENTICATED,
                    "LOGIN_NOT_BEGUN",
                    "this login was not begun by this browser within the last minutes, or is over; begin it again");
        }
        Recognition recognition = Calls.call(
                () -> known(redirects.snapshot(), provider),
                (RedirectWorker worker) -> worker.complete(callback(provider, origin), arrival.memory(), answer));
        if (recognition == null) {
            throw noProvider(provider);
        }
        return new Arrived(admit(recognition, provider, "", browser, wrong), arrival.returnTo());
    }
}
