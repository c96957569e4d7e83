// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.GuardedHttp;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.provider.PooledProviderClients;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake provider and workers for it, configured as Declarative Services would, with a clock that is set. */
final class Fixture implements AutoCloseable {
    static final String TENANT = "0192f0c1-2345-7000-8000-00000000000a";
    static final String AUDIENCE = "https://hyperspot.example";

    /** Time as the test says. */
    static final class SetClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void forward(Duration more) {
            ahead = ahead.plus(more);
        }

        long nanos() {
            return System.nanoTime() + ahead.toNanos();
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    final FakeIssuer issuer;
    final SetClock clock = new SetClock();
    final List<String> guarded = new CopyOnWriteArrayList<>();
    private final PooledProviderClients clients = new PooledProviderClients(new SimpleMeterRegistry());
    private final List<Runnable> ends = new ArrayList<>();

    Fixture() throws Exception {
        this(new FakeIssuer());
    }

    Fixture(FakeIssuer issuer) {
        this.issuer = issuer;
    }

    /** As the real one: what is not public is refused. */
    GuardedHttp guard() {
        return (request, cancellation) -> {
            guarded.add(request.url().toString());
            throw new UpstreamException(UpstreamException.Kind.FORBIDDEN, "the host is not a public one");
        };
    }

    OidcTokenWorker tokens(Map<String, Object> settings) {
        OidcTokenWorker worker = new OidcTokenWorker(
                clients, guard(), config(withDefaults(settings)), Map.of("instance.name", "acme"), clock, clock::nanos);
        ends.add(worker::close);
        return worker;
    }

    OidcTokenWorker tokens() {
        return tokens(Map.of());
    }

    OidcRedirectWorker login(Map<String, Object> settings) {
        Map<String, Object> all = withDefaults(settings);
        all.putIfAbsent("client_id", "hyperspot");
        OidcRedirectWorker worker = new OidcRedirectWorker(
                clients, guard(), ConfiguredSecrets.literal(), config(all), Map.of("instance.name", "acme"), clock, clock::nanos);
        ends.add(worker::close);
        return worker;
    }

    private Map<String, Object> withDefaults(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("issuer", issuer.issuer());
        all.putIfAbsent("audiences", new String[] {AUDIENCE});
        if (!all.containsKey("tenant_claim")) {
            all.putIfAbsent("tenant", TENANT);
        }
        return all;
    }

    static OidcConfig config(Map<String, Object> settings) {
        return (OidcConfig) Proxy.newProxyInstance(
                OidcConfig.class.getClassLoader(), new Class<?>[] {OidcConfig.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Annotation.class || method.getDeclaringClass() == Object.class) {
                        return method.getName();
                    }
                    Object value = settings.get(method.getName().replaceFirst("^_", "").replace("__", "_"));
                    return value == null ? method.getDefaultValue() : value;
                });
    }

    /** Claims of a good access token. */
    Map<String, Object> claims() {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer.issuer());
        claims.put("sub", "8f3a");
        claims.put("aud", AUDIENCE);
        claims.put("exp", now + 600);
        claims.put("iat", now);
        return claims;
    }

    Map<String, Object> claims(String name, Object value) {
        Map<String, Object> claims = claims();
        claims.put(name, value);
        return claims;
    }

    Map<String, Object> claimsWithout(String name) {
        Map<String, Object> claims = claims();
        claims.remove(name);
        return claims;
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
        clients.stop();
        issuer.close();
    }
}
