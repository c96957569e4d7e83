// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import io.hyperspot.http.client.GuardedHttp;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One provider: its documents, its keys, and what its signature is on. Thread-safe. */
final class OidcProvider implements AutoCloseable {
    private static final Duration METADATA_AGE = Duration.ofHours(1);

    /** What the provider said of itself, and when. */
    private record Known(ProviderMetadata metadata, long atNanos) {}

    private final OidcSettings settings;
    private final ProviderHttp http;
    private final ProviderHealth health;
    private final ProviderKeys keys;
    private final TokenRules rules;
    private final Clock clock;
    private final LongSupplier nanos;
    private volatile @Nullable Known known;

    OidcProvider(
            OidcSettings settings,
            ProviderClients clients,
            GuardedHttp guarded,
            ProviderHealth health,
            Clock clock,
            LongSupplier nanos) {
        this.settings = settings;
        this.http = new ProviderHttp(clients, guarded, settings);
        this.health = health;
        this.rules = new TokenRules(settings);
        this.clock = clock;
        this.nanos = nanos;
        this.keys = new ProviderKeys(
                () -> KeySet.of(http.get(metadata().keys(), KeySet.maxBytes())), settings, health, nanos);
    }

    OidcSettings settings() {
        return settings;
    }

    ProviderHttp http() {
        return http;
    }

    TokenRules rules() {
        return rules;
    }

    Clock clock() {
        return clock;
    }

    ProviderKeys keys() {
        return keys;
    }

    ProviderHealth health() {
        return health;
    }

    /** Fetched when there is none, or only an old one; the old one holds while the provider is away. */
    ProviderMetadata metadata() throws ProviderException {
        Known last = known;
        if (last != null && nanos.getAsLong() - last.atNanos() < METADATA_AGE.toNanos()) {
            return last.metadata();
        }
        try {
            ProviderMetadata fresh = ProviderMetadata.fetch(http, settings.issuer());
            known = new Known(fresh, nanos.getAsLong());
            return fresh;
        } catch (ProviderException e) {
            if (last != null && !e.wasReached()) {
                return last.metadata();
            }
            throw e;
        }
    }

    /**
     * @throws RefusedException unless the provider signed it
     * @throws ProviderException when that cannot be told now
     */
    void checkSignature(Jws token, Algorithm algorithm) throws RefusedException, ProviderException {
        List<VerificationKey> candidates = keys.find(token.headerText("kid"), algorithm);
        if (candidates.isEmpty()) {
            throw new RefusedException("the token is not signed with a key of its issuer");
        }
        for (VerificationKey key : candidates) {
            if (key.verifies(algorithm, token.signed(), token.signature())) {
                return;
            }
        }
        throw new RefusedException("the token's signature is wrong");
    }

    @Override
    public void close() {
        keys.close();
        http.close();
    }
}
