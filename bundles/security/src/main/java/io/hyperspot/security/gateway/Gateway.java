// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.KeyHash;
import io.hyperspot.security.keys.KeyModule;
import io.hyperspot.security.sessions.SecurityConfig;
import io.hyperspot.security.sessions.SessionModule;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.TokenWorker;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises callers by whatever they bring: keys and sessions by memory, tokens of others by the worker that
 * says the token is of its issuer.
 */
@Component(service = Authenticator.class, configurationPid = "security")
public final class Gateway implements Authenticator {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final int MOST_VERIFIED = 20_000;
    private static final int LONGEST_TOKEN = 16_384;
    private static final String NO_CREDENTIAL =
            "log in, or send an API key in the header 'Authorization: Bearer <key>'; 'hyperspot keys create' makes one";
    private static final String UNKNOWN = "the credential is malformed, unknown, expired or revoked";
    private static final SecurityContext DESKTOP =
            new SecurityContext("user:desktop", TenantId.ROOT, List.of(Permission.ALL));

    private final KeyModule keys;
    private final SessionModule sessions;
    private final Workers<TokenWorker> workers;
    private final Clock clock;
    private final VerifiedTokens verified = new VerifiedTokens(MOST_VERIFIED);
    private volatile boolean desktop;

    @Activate
    public Gateway(
            SecurityConfig config,
            @Reference KeyModule keys,
            @Reference SessionModule sessions,
            @Reference Workers.Factory factory) {
        this(
                config.desktop(),
                keys,
                sessions,
                // chosen by what they recognise
                factory.open(TokenWorker.class, TokenWorker.TYPE, worker -> ""),
                Clock.systemUTC());
    }

    /** As it is without a container. */
    public Gateway(boolean desktop, KeyModule keys, SessionModule sessions, Workers<TokenWorker> workers, Clock clock) {
        this.desktop = desktop;
        this.keys = keys;
        this.sessions = sessions;
        this.workers = workers;
        this.clock = clock;
    }

    @Modified
    void modified(SecurityConfig config) {
        desktop = config.desktop();
    }

    @Deactivate
    void close() {
        workers.close();
    }

    @Override
    public Result authenticate(@Nullable String token, boolean loopback) {
        if (token == null) {
            return desktop && loopback ? new Authenticated(DESKTOP) : new Refused(NO_CREDENTIAL);
        }
        if (KeyModule.isKey(token)) {
            return keys.recognize(token);
        }
        if (SessionModule.isSession(token)) {
            return sessions.recognize(token);
        }
        return token.length() > LONGEST_TOKEN ? new Refused(UNKNOWN) : byWorker(token);
    }

    private Result byWorker(String token) {
        Workers.Snapshot<TokenWorker> snapshot = workers.snapshot();
        if (snapshot.all().isEmpty()) {
            return new Refused(UNKNOWN);
        }
        KeyHash hash = verified.hash(token);
        long now = clock.millis();
        SecurityContext known = verified.find(hash, snapshot.generation(), now);
        if (known != null) {
            return new Authenticated(known);
        }
        for (WorkerHandle<TokenWorker> worker : snapshot.all()) {
            Recognition recognition = ask(worker, token);
            switch (recognition) {
                case null -> {}
                case Recognition.Recognized(Identity identity, Instant until) -> {
                    if (!until.isAfter(Instant.ofEpochMilli(now))) {
                        return new Refused("the token has expired");
                    }
                    SecurityContext context = context(identity);
                    verified.add(hash, context, snapshot.generation(), now, until);
                    return new Authenticated(context);
                }
                case Recognition.Refused(String reason) -> {
                    return new Refused(reason);
                }
                case Recognition.CodeNeeded(String reason) -> {
                    return new Refused(reason);
                }
                case Recognition.Undecided(String reason) -> {
                    return new Undecided(reason);
                }
            }
        }
        return new Refused(UNKNOWN);
    }

    /** Null when the token is not of this worker's issuer. */
    private static @Nullable Recognition ask(WorkerHandle<TokenWorker> handle, String token) {
        try (WorkerHandle.Lease<TokenWorker> lease = handle.acquire(null)) {
            if (lease == null) {
                // its successor is in the next snapshot
                return new Recognition.Undecided("who checks this token is being replaced; try again in a moment");
            }
            Answer answer = new Answer();
            lease.call(worker -> answer.recognition = worker.recognizes(token) ? worker.verify(token) : null);
            return answer.recognition;
        } catch (ProblemException e) {
            log.warn("{} could not check a token: {} {}", handle.instance(), e.code(), e.detail());
            return new Recognition.Undecided("the token cannot be checked now; try again in a moment");
        } catch (Exception e) {
            log.error("{} could not check a token", handle.instance(), e);
            return new Recognition.Undecided("the token cannot be checked now; try again in a moment");
        }
    }

    private static final class Answer {
        @Nullable Recognition recognition;
    }

    private static SecurityContext context(Identity identity) {
        return new SecurityContext(identity.subject(), identity.tenant(), identity.groups(), List.of(), identity.scopes());
    }
}
