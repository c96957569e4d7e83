// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import io.hyperspot.http.client.GuardedHttp;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.oidc.Jws.MalformedException;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import io.hyperspot.security.spi.TokenWorker;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** JWT access tokens of one provider (RFC 9068, RFC 7519). */
@Component(
        service = {TokenWorker.class, HealthContributor.class},
        configurationPid = "auth-oidc",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OidcConfig.class, factory = true)
@GtsWorker(type = TokenWorker.TYPE, instance = TokenWorker.TYPE + "hyperspot.auth.oidc.{name}.v1")
public final class OidcTokenWorker implements TokenWorker, HealthContributor {
    private final String name;
    private final ProviderHealth health;
    private final @Nullable OidcProvider provider;

    @Activate
    public OidcTokenWorker(
            @Reference ProviderClients clients,
            @Reference GuardedHttp guarded,
            OidcConfig config,
            Map<String, Object> properties) {
        this(clients, guarded, config, properties, Clock.systemUTC(), System::nanoTime);
    }

    OidcTokenWorker(
            ProviderClients clients,
            GuardedHttp guarded,
            OidcConfig config,
            Map<String, Object> properties,
            Clock clock,
            LongSupplier nanos) {
        name = properties.get("instance.name") instanceof String given ? given : "oidc";
        health = new ProviderHealth(name);
        OidcProvider usable = null;
        try {
            OidcSettings settings = OidcSettings.of(name, config);
            if (!settings.audiences().isEmpty()) {
                usable = new OidcProvider(settings, clients, guarded, health, clock, nanos);
                usable.keys().warm();
            }
        } catch (IllegalArgumentException e) {
            health.misconfigured(String.valueOf(e.getMessage()));
        }
        provider = usable;
    }

    @Deactivate
    void close() {
        if (provider != null) {
            provider.close();
        }
    }

    @Override
    public boolean recognizes(String token) {
        return provider != null
                && token.length() <= provider.settings().maxTokenBytes()
                && Jws.issuer(token).filter(provider.settings().issuer()::equals).isPresent();
    }

    @Override
    public Recognition verify(String token) {
        if (provider == null) {
            return new Refused("tokens of this issuer are not accepted");
        }
        OidcSettings settings = provider.settings();
        if (token.length() > settings.maxTokenBytes()) {
            return new Refused("the token is too long");
        }
        try {
            Jws jws = Jws.parse(token);
            Algorithm algorithm = provider.rules().checkHeader(jws);
            TokenRules.checkIsAccessToken(jws);
            Instant until = provider.rules().checkClaims(jws.claims(), settings.audiences(), provider.clock().instant());
            provider.checkSignature(jws, algorithm);
            return new Recognized(new IdentityClaims(settings).ofAccessToken(jws.claims()), until);
        } catch (MalformedException | RefusedException e) {
            return new Refused(String.valueOf(e.getMessage()));
        } catch (ProviderException e) {
            return new Undecided("the identity provider cannot be asked for its keys now; try again in a moment");
        }
    }

    @Override
    public String name() {
        return "auth-oidc-" + name;
    }

    @Override
    public Health health() {
        return health.health();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "access tokens of identity provider " + name;
    }
}
