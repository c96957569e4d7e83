// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.GuardedHttp;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.oidc.CodeExchange.Tokens;
import io.hyperspot.security.oidc.Jws.MalformedException;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import io.hyperspot.security.spi.RedirectWorker;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Login at one provider by authorization code with PKCE (RFC 6749, RFC 7636, RFC 9700). */
@Component(
        service = RedirectWorker.class,
        configurationPid = "auth-oidc",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@GtsWorker(type = RedirectWorker.TYPE, instance = RedirectWorker.TYPE + "hyperspot.auth.oidc.{name}.v1")
public final class OidcRedirectWorker implements RedirectWorker {
    private static final Logger log = LoggerFactory.getLogger(OidcRedirectWorker.class);
    private static final String NONCE = "nonce";
    private static final String VERIFIER = "code_verifier";
    private static final int MAX_CODE = 4096;
    private static final String ANOTHER_LOGIN = "the answer is not of this login: begin it again";
    private static final String LATER = "the identity provider cannot be asked now; try again in a moment";

    private final String name;
    private final SecureRandom random = new SecureRandom();
    private final @Nullable OidcProvider provider;
    private final @Nullable CodeExchange exchange;

    @Activate
    public OidcRedirectWorker(
            @Reference ProviderClients clients,
            @Reference GuardedHttp guarded,
            @Reference ConfiguredSecrets secrets,
            OidcConfig config,
            Map<String, Object> properties) {
        this(clients, guarded, secrets, config, properties, Clock.systemUTC(), System::nanoTime);
    }

    OidcRedirectWorker(
            ProviderClients clients,
            GuardedHttp guarded,
            ConfiguredSecrets secrets,
            OidcConfig config,
            Map<String, Object> properties,
            Clock clock,
            LongSupplier nanos) {
        name = properties.get("instance.name") instanceof String given ? given : "oidc";
        OidcProvider usable = null;
        CodeExchange exchanging = null;
        ProviderHealth health = new ProviderHealth(name);
        try {
            OidcSettings settings = OidcSettings.of(name, config);
            if (!settings.clientId().isEmpty()) {
                usable = new OidcProvider(settings, clients, guarded, health, clock, nanos);
                exchanging = new CodeExchange(usable, secrets.of(config._client__secret()));
            }
        } catch (IllegalArgumentException e) {
            // the worker for tokens has the same configuration, and tells operators
            log.debug("identity provider {} cannot be used for logins", name, e);
        }
        provider = usable;
        exchange = exchanging;
    }

    @Deactivate
    void close() {
        if (provider != null) {
            provider.close();
        }
    }

    @Override
    public String provider() {
        return name;
    }

    @Override
    public Departure depart(URI callback, String state) {
        if (provider == null) {
            throw new ProblemException(
                    ErrorCategory.UNIMPLEMENTED,
                    "LOGIN_NOT_CONFIGURED",
                    "nobody can log in at this identity provider: it is not configured with a client_id, or not rightly");
        }
        URI page;
        try {
            page = provider.metadata().authorization();
        } catch (ProviderException e) {
            log.warn("nobody can log in at identity provider {} now: {}", name, e.getMessage());
            throw unusable(e.wasReached(), e);
        }
        if (page == null) {
            throw unusable(true, null);
        }
        String nonce = Pkce.random(random);
        String verifier = Pkce.random(random);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", provider.settings().clientId());
        query.put("redirect_uri", callback.toString());
        query.put("scope", provider.settings().loginScope());
        query.put("state", state);
        query.put("nonce", nonce);
        query.put("code_challenge", Pkce.challenge(verifier));
        query.put("code_challenge_method", "S256");
        String separator = page.getRawQuery() == null ? "?" : "&";
        return new Departure(
                URI.create(page + separator + CodeExchange.encode(query)), Map.of(NONCE, nonce, VERIFIER, verifier));
    }

    private static ProblemException unusable(boolean reached, @Nullable Throwable cause) {
        return reached
                ? new ProblemException(
                        ErrorCategory.BAD_UPSTREAM,
                        "IDENTITY_PROVIDER_UNUSABLE",
                        "what the identity provider says of itself cannot be used; the server's log says why",
                        Map.of(),
                        cause)
                : new ProblemException(ErrorCategory.UNAVAILABLE, "IDENTITY_PROVIDER_UNAVAILABLE", LATER, Map.of(), cause);
    }

    @Override
    public Recognition complete(URI callback, Map<String, String> memory, Map<String, String> answer) {
        String nonce = memory.get(NONCE);
        String verifier = memory.get(VERIFIER);
        if (provider == null || exchange == null || nonce == null || verifier == null) {
            return new Refused(ANOTHER_LOGIN);
        }
        try {
            checkSender(answer.get("iss"), provider.metadata());
            String error = answer.get("error");
            if (error != null) {
                return ofError(ErrorCode.of(error));
            }
            String code = answer.get("code");
            if (code == null || code.isEmpty() || code.length() > MAX_CODE) {
                return new Refused("the answer of the identity provider holds no code: begin the login again");
            }
            Tokens tokens = exchange.exchange(code, verifier, callback);
            JsonNode claims = new IdTokens(provider).check(tokens.idToken(), nonce, tokens.accessToken());
            IdentityClaims identity = new IdentityClaims(provider.settings());
            if (provider.settings().userInfo() && identity.lacks(claims)) {
                claims = new UserInfo(provider).addTo(claims, tokens.accessToken());
            }
            return new Recognized(identity.ofLogin(claims), Instant.MAX);
        } catch (MalformedException | RefusedException e) {
            return new Refused(String.valueOf(e.getMessage()));
        } catch (ProviderException e) {
            log.warn("a login at identity provider {} was not completed: {}", name, e.getMessage());
            return new Undecided(LATER);
        } catch (ProblemException e) {
            log.warn("a login at identity provider {} was not completed: its client secret cannot be read: {}", name, e.detail());
            return new Undecided("the secret for the identity provider cannot be read now; try again in a moment");
        }
    }

    /** Against a mix-up of two providers (RFC 9207). */
    private void checkSender(@Nullable String issuer, ProviderMetadata metadata) throws RefusedException {
        OidcProvider known = Objects.requireNonNull(provider);
        if (issuer == null ? metadata.namesItself() : !issuer.equals(known.settings().issuer())) {
            throw new RefusedException(ANOTHER_LOGIN);
        }
    }

    private static Recognition ofError(String error) {
        return switch (error) {
            case "access_denied" -> new Refused("the identity provider, or the person there, refused the login");
            case "login_required", "interaction_required", "consent_required", "account_selection_required" ->
                new Refused("the identity provider wants the person to do something first: begin the login again");
            case "server_error", "temporarily_unavailable" -> new Undecided(LATER);
            default -> new Refused("the identity provider refused the login: " + error);
        };
    }

    /** For logs. */
    @Override
    public String toString() {
        return "login at identity provider " + name;
    }
}
