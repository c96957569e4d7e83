// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import static io.hyperspot.security.sessions.Tables.SESSION;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.KeyHash;
import io.hyperspot.security.keys.KeyModule;
import io.hyperspot.security.keys.Pepper;
import io.hyperspot.security.spi.Identity;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of people. Those that can be used are loaded while the product starts, and a session that was made
 * on another server is read when it comes first: from then on it is recognised from memory, also while the
 * database is away.
 */
@Component(
        service = {Sessions.class, SessionModule.class, HealthContributor.class},
        configurationPid = "security")
@Designate(ocd = SecurityConfig.class)
public final class SessionModule implements Sessions, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(SessionModule.class);
    private static final String MODULE = "security";
    private static final String ENDED = "the session has ended, or there never was one; log in";
    private static final int LONGEST_AGENT = 200;

    /** A session that was opened, with its only appearance in clear. */
    public record Opened(Session session, String token, String csrfToken) {
        @Override
        public String toString() {
            return "Opened[session=" + session + "]";
        }
    }

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final TimeOrderedId ids = new TimeOrderedId(random);
    private final KeyModule keys;
    private final SessionTables tables;
    private final SessionRing ring = new SessionRing();
    private final SessionPoll poll;
    private final Loading loading;
    private final Databases.Delivering delivering;
    private volatile Limits limits;
    private volatile @Nullable Pepper pepper;
    private volatile String trouble = "the sessions are being loaded";

    @Activate
    public SessionModule(
            BundleContext context, SecurityConfig config, @Reference Databases databases, @Reference KeyModule keys) {
        this(databases, Migration.of(context.getBundle(), MODULE), keys, Limits.of(config), Clock.systemUTC());
    }

    /** As it is without a container. */
    public SessionModule(Databases databases, List<Migration> migrations, KeyModule keys, Limits limits, Clock clock) {
        this.clock = clock;
        this.keys = keys;
        this.limits = limits;
        tables = new SessionTables(databases.open(MODULE, migrations));
        poll = new SessionPoll(tables, ring, clock, () -> this.limits);
        loading = Loading.start("security-sessions", this::load, this::notLoaded);
        delivering = databases.deliver(new SubjectEnd());
    }

    @Modified
    void modified(SecurityConfig config) {
        limits = Limits.of(config);
    }

    /** Writes when sessions were used last. */
    @Deactivate
    public void close() {
        delivering.close();
        loading.close();
        poll.close();
    }

    private void load() throws InterruptedException {
        Pepper secret = keys.secret();
        SessionTables.Contents contents = tables.load(clock.millis(), limits);
        contents.sessions().forEach(stored -> ring.add(live(stored, secret)));
        pepper = secret;
        trouble = "";
        poll.start(contents.generation());
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the sessions cannot be loaded: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    private static LiveSession live(StoredSession stored, Pepper secret) {
        return new LiveSession(stored, SessionToken.csrf(stored.hash(), secret));
    }

    /** The server's secret, under which what belongs to sessions is hashed. */
    public Pepper secret() {
        Pepper secret = pepper;
        if (secret == null) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "SESSIONS_UNAVAILABLE", trouble + "; try again in a moment");
        }
        return secret;
    }

    /**
     * Opens a session. It has a token of its own, whatever the browser sent before.
     *
     * @param until when what it rests on ends
     * @param address from where, or empty
     */
    public Opened open(Identity identity, String provider, Instant until, String address, String agent) {
        Pepper secret = secret();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant latest = now.plus(limits.absolute());
        String token = SessionToken.generate(random, secret);
        Session session = new Session(
                ids.next(now.toEpochMilli()).toString(),
                identity.subject(),
                identity.name(),
                identity.tenant(),
                provider,
                address,
                printable(agent),
                now,
                now,
                until.isBefore(latest) ? until.truncatedTo(ChronoUnit.MILLIS) : latest);
        StoredSession stored = new StoredSession(session, identity, SessionToken.hash(token, secret));
        AuditEvent event = AuditEvent.done(stored.context(), "session.login", session.id())
                .with("provider", provider)
                .with("name", identity.name())
                .with("address", address);
        tables.insert(stored, limits, event).forEach(ring::remove);
        LiveSession live = ring.add(live(stored, secret));
        return new Opened(session, token, live.csrf);
    }

    private static String printable(String agent) {
        String shortened = agent.length() > LONGEST_AGENT ? agent.substring(0, LONGEST_AGENT) : agent;
        return shortened.codePoints()
                .map(c -> c < ' ' || c > '~' ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Whether a token is a session's by its form, good or not. */
    public static boolean isSession(String token) {
        return token.startsWith(SessionToken.START);
    }

    /** Who comes with a session. */
    public Authenticator.Result recognize(String token) {
        if (pepper == null) {
            return new Authenticator.Undecided(trouble + "; try again in a moment");
        }
        try {
            LiveSession session = find(token);
            return session == null
                    ? new Authenticator.Refused(ENDED)
                    : new Authenticator.Authenticated(session.context, session.csrf);
        } catch (DatabaseException e) {
            return new Authenticator.Undecided("the session cannot be looked up now; try again in a moment");
        }
    }

    /** The session of a token and what its browser must send beside the cookie. */
    public Optional<Opened> current(String token) {
        LiveSession session = isSession(token) ? find(token) : null;
        return session == null ? Optional.empty() : Optional.of(new Opened(session.shown(), token, session.csrf));
    }

    private @Nullable LiveSession find(String token) {
        Pepper secret = secret();
        KeyHash hash = SessionToken.hash(token, secret);
        LiveSession session = ring.find(hash);
        if (session == null) {
            session = ring.isGone(hash) || !SessionToken.isSealed(token, secret) ? null : fetch(hash, secret);
        }
        return session == null ? null : usable(session, clock.millis());
    }

    /** One that another server made. */
    private @Nullable LiveSession fetch(KeyHash hash, Pepper secret) {
        Optional<StoredSession> stored = tables.find(hash, clock.millis(), limits);
        if (stored.isEmpty()) {
            ring.remove(hash);
            return null;
        }
        return ring.add(live(stored.get(), secret));
    }

    private @Nullable LiveSession usable(LiveSession session, long now) {
        switch (session.state(now, limits)) {
            case GOOD -> {}
            case IDLE -> {
                Optional<StoredSession> elsewhere = tables.find(session.hash, now, limits);
                if (elsewhere.isEmpty()) {
                    ring.remove(session.hash);
                    return null;
                }
                session.usedElsewhere(elsewhere.get().session().usedAt().toEpochMilli());
            }
            case OVER -> {
                ring.remove(session.hash);
                return null;
            }
        }
        session.use(now);
        return session;
    }

    /** Ends the session of a token, if there is one. */
    public void end(String token) {
        current(token).ifPresent(open -> end(
                open.session().tenant(),
                SESSION.id.eq(open.session().id()),
                ended -> event(ended.tenant(), ended.subject(), "session.logout", ended)));
    }

    private static AuditEvent event(TenantId tenant, String actor, String action, Session session) {
        return AuditEvent.done(new SecurityContext(actor, tenant, List.of()), action, session.id())
                .with("subject", session.subject());
    }

    private int end(TenantId tenant, Condition which, Function<Session, @Nullable AuditEvent> event) {
        List<KeyHash> ended = tables.end(tenant, which, clock.millis(), event);
        ended.forEach(ring::remove);
        return ended.size();
    }

    @Override
    public List<Session> list(SecurityContext ctx, @Nullable String subject, @Nullable String after, int limit) {
        return tables.list(ctx, subject, after, null, limit, clock.millis(), limits);
    }

    @Override
    public List<Session> listBefore(SecurityContext ctx, @Nullable String subject, String before, int limit) {
        return tables.list(ctx, subject, null, before, limit, clock.millis(), limits);
    }

    @Override
    public Optional<Session> find(SecurityContext ctx, String id) {
        return tables.find(ctx, id, clock.millis(), limits);
    }

    @Override
    public boolean end(SecurityContext ctx, String id) {
        return end(ctx.tenant(), SESSION.id.eq(id), ended -> event(ctx.tenant(), ctx.subject(), "session.revoke", ended)) > 0;
    }

    @Override
    public int endAll(SecurityContext ctx, String subject) {
        return end(
                ctx.tenant(),
                SESSION.subject.eq(subject),
                ended -> event(ctx.tenant(), ctx.subject(), "session.revoke", ended));
    }

    /** What was published with the act that takes away what the sessions rest on. */
    private final class SubjectEnd implements MessageHandler {
        @Override
        public String topic() {
            return END_TOPIC;
        }

        @Override
        public void handle(List<Delivery> deliveries) {
            for (Delivery delivery : deliveries) {
                String subject = delivery.message().fields().getOrDefault(END_SUBJECT, "");
                Condition older = SESSION.subject.eq(subject).and(SESSION.createdAt.le(delivery.at().toEpochMilli()));
                // most have ended already, and their end is recorded
                end(delivery.message().tenant(), older, ended -> event(ended.tenant(), "system", "session.revoke", ended));
            }
        }
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public Health health() {
        if (!trouble.isEmpty()) {
            return Health.down(trouble);
        }
        String unseen = poll.trouble();
        return unseen.isEmpty() ? Health.up() : Health.degraded(unseen);
    }
}
