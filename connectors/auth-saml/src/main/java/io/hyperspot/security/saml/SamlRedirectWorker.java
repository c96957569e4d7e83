// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.saml.LoginRules.Begun;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import io.hyperspot.security.spi.RedirectWorker;
import java.net.URI;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Login at one identity provider by SAML 2.0 (Web Browser SSO profile, begun by this server). The provider's
 * administrator registers two values: the entity id {@code sp_entity_id}, and as assertion consumer service, with
 * HTTP-POST, {@code <public_url>/auth/v1/login/<name>/callback}. Asks nobody and keeps no thread.
 */
@Component(
        service = {RedirectWorker.class, HealthContributor.class},
        configurationPid = "auth-saml",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SamlConfig.class, factory = true)
@GtsWorker(type = RedirectWorker.TYPE, instance = RedirectWorker.TYPE + "hyperspot.auth.saml.{name}.v1")
public final class SamlRedirectWorker implements RedirectWorker, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(SamlRedirectWorker.class);
    private static final String REQUEST = "request";
    private static final String BEGUN = "begun";
    private static final int ID_BYTES = 20;
    private static final int MOST_USED = 100_000;

    private final String name;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final SamlHealth health;
    private final ConfiguredSecret signingKey;
    private final boolean signs;
    private final Replays replays;
    private final @Nullable SamlSettings settings;

    @Activate
    public SamlRedirectWorker(@Reference ConfiguredSecrets secrets, SamlConfig config, Map<String, Object> properties) {
        this(secrets, config, properties, Clock.systemUTC(), MOST_USED);
    }

    SamlRedirectWorker(
            ConfiguredSecrets secrets, SamlConfig config, Map<String, Object> properties, Clock clock, int mostUsed) {
        name = properties.get("instance.name") instanceof String given ? given : "saml";
        this.clock = clock;
        health = new SamlHealth(name, clock);
        signingKey = secrets.of(config._signing__key());
        signs = !config._signing__key().isBlank();
        replays = new Replays(mostUsed);
        SamlSettings usable = null;
        try {
            SamlSettings checked = SamlSettings.of(name, config);
            if (checked.provider().wantsSigned() && !signs) {
                throw new IllegalArgumentException("the provider takes signed requests only: 'signing_key' must be set");
            }
            if (signs && signingKey.reference().isEmpty()) {
                Pem.privateKey(signingKey.reveal());
            }
            health.used(checked.provider());
            usable = checked;
        } catch (IllegalArgumentException e) {
            health.misconfigured(String.valueOf(e.getMessage()));
        }
        settings = usable;
    }

    @Override
    public String provider() {
        return name;
    }

    @Override
    public Departure depart(URI callback, String state) {
        SamlSettings known = settings;
        if (known == null) {
            throw notConfigured(null);
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        // an xs:ID does not begin with a digit
        String id = "_" + HexFormat.of().formatHex(bytes);
        // providers write whole seconds: theirs are not before it
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        LoginRequest request = new LoginRequest(known);
        URI location = request.location(request.xml(id, now, callback), state, signs ? key() : null);
        return new Departure(location, Map.of(REQUEST, id, BEGUN, Long.toString(now.toEpochMilli())));
    }

    private PrivateKey key() {
        try {
            return Pem.privateKey(signingKey.reveal());
        } catch (IllegalArgumentException e) {
            log.error("nobody can log in at identity provider {}: {}", name, e.getMessage());
            throw notConfigured(e);
        } catch (ProblemException e) {
            log.warn("nobody can log in at identity provider {} now: its signing key cannot be read: {}", name, e.detail());
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "IDENTITY_PROVIDER_UNAVAILABLE",
                    "the key for the identity provider cannot be read now; try again in a moment",
                    Map.of(),
                    e);
        }
    }

    private static ProblemException notConfigured(@Nullable Throwable cause) {
        return new ProblemException(
                ErrorCategory.UNIMPLEMENTED,
                "LOGIN_NOT_CONFIGURED",
                "nobody can log in at this identity provider: it is not configured rightly; the server's log says why",
                Map.of(),
                cause);
    }

    @Override
    public Recognition complete(URI callback, Map<String, String> memory, Map<String, String> answer) {
        SamlSettings known = settings;
        String request = memory.get(REQUEST);
        String begun = memory.get(BEGUN);
        if (known == null || request == null || begun == null) {
            return new Refused("the answer is not of this login: begin it again");
        }
        try {
            Instant now = clock.instant();
            Answer verified = Answer.of(answer.get("SAMLResponse"), known.maxResponseBytes(), known.provider().keys());
            Begun login = new Begun(callback.toString(), request, Instant.ofEpochMilli(Long.parseLong(begun)));
            Instant usableUntil = new LoginRules(known).check(verified, login, now);
            Assertion assertion = verified.assertion();
            Identity identity = new AssertedIdentity(known).of(assertion);
            return switch (replays.note(assertion.id(), usableUntil, now)) {
                case FIRST -> new Recognized(identity, assertion.sessionEnd() == null ? Instant.MAX : assertion.sessionEnd());
                case AGAIN -> throw AnswerException.because("the assertion was used already");
                case FULL -> {
                    log.warn("a login at identity provider {} was not completed: too many of its assertions are still valid", name);
                    yield new Undecided("too many people log in by the identity provider at once; try again in a moment");
                }
            };
        } catch (AnswerException e) {
            log.warn("a login at identity provider {} was refused: {}", name, e.getMessage());
            return new Refused(e.shown());
        }
    }

    @Override
    public String name() {
        return "auth-saml-" + name;
    }

    @Override
    public Health health() {
        return health.health();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "login at identity provider " + name;
    }
}
