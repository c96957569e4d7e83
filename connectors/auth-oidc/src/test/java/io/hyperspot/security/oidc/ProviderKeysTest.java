// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProviderKeysTest {
    private static final TestKey FIRST = TestKey.rsa("first", 2048);
    private static final TestKey SECOND = TestKey.ec("second", "secp256r1");
    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        fixture.issuer.keys = List.of(FIRST);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private String first() {
        return FIRST.token("RS256", fixture.claims());
    }

    private String second() {
        return SECOND.token("ES256", fixture.claims());
    }

    private String unknown(int number) {
        return FIRST.token("RS256", Map.of("alg", "RS256", "kid", "unknown-" + number), fixture.claims());
    }

    private OidcTokenWorker warmed(Map<String, Object> settings) {
        OidcTokenWorker worker = fixture.tokens(settings);
        assertThat(worker.verify(first())).isInstanceOf(Recognized.class);
        return worker;
    }

    @Test
    @DisplayName("1,000 tokens with keys that nobody has: one request, and good tokens go on (CWE-770)")
    void boundsAFloodOfUnknownKeys() throws Exception {
        OidcTokenWorker worker = warmed(Map.of());
        int before = fixture.issuer.keyRequests.get();
        fixture.clock.forward(Duration.ofSeconds(11));
        CountDownLatch hold = new CountDownLatch(1);
        fixture.issuer.hold = hold;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Recognition>> flood = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                flood.add(threads.submit(() -> worker.verify(unknown(number))));
            }
            await().until(() -> fixture.issuer.keyRequests.get() > before);
            // the provider does not answer yet: known keys do not wait for it
            for (int i = 0; i < 20; i++) {
                assertThat(threads.submit(() -> worker.verify(first())).get(5, TimeUnit.SECONDS)).isInstanceOf(Recognized.class);
            }
            hold.countDown();
            for (Future<Recognition> each : flood) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isInstanceOfAny(Refused.class, Undecided.class);
            }
        }
        assertThat(fixture.issuer.keyRequests.get() - before).isEqualTo(1);
        fixture.issuer.hold = null;
        for (int i = 0; i < 200; i++) {
            assertThat(worker.verify(unknown(i))).isInstanceOf(Refused.class);
        }
        assertThat(fixture.issuer.keyRequests.get() - before).isEqualTo(1);
    }

    @Test
    @DisplayName("a new key beside the old one (OpenID Connect Core 10.1.1)")
    void followsARotation() {
        OidcTokenWorker worker = warmed(Map.of());
        fixture.issuer.keys = List.of(FIRST, SECOND);
        assertThat(worker.verify(second())).isInstanceOf(Refused.class);
        fixture.clock.forward(Duration.ofSeconds(11));
        assertThat(worker.verify(second())).isInstanceOf(Recognized.class);
        assertThat(worker.verify(first())).isInstanceOf(Recognized.class);
    }

    @Test
    void forgetsKeysThatWereWithdrawn() {
        OidcTokenWorker worker = warmed(Map.of());
        fixture.issuer.keys = List.of(SECOND);
        fixture.clock.forward(Duration.ofSeconds(301));
        // read again beside the first use
        worker.verify(first());
        await().until(() -> worker.verify(first()) instanceof Refused);
        assertThat(worker.verify(second())).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("two keys of one kid: the one that fits the algorithm, or any that verifies")
    void tellsKeysOfOneNameApart() {
        TestKey same = TestKey.ec("first", "secp256r1");
        TestKey sameKind = TestKey.rsa("first", 2048);
        fixture.issuer.keys = List.of(FIRST, same, sameKind);
        OidcTokenWorker worker = fixture.tokens();
        assertThat(worker.verify(first())).isInstanceOf(Recognized.class);
        assertThat(worker.verify(same.token("ES256", fixture.claims()))).isInstanceOf(Recognized.class);
        assertThat(worker.verify(sameKind.token("RS256", fixture.claims()))).isInstanceOf(Recognized.class);
        String nameless = FIRST.token("RS256", Map.of("alg", "RS256"), fixture.claims());
        assertThat(worker.verify(nameless)).isInstanceOf(Refused.class);
    }

    @Test
    @DisplayName("the provider is away: known keys hold for the time of an outage, unknown ones are undecided")
    void outlivesAnOutage() throws Exception {
        OidcTokenWorker worker = warmed(Map.of("keys_outage_seconds", 3_600, "timeout_seconds", 2));
        int port = fixture.issuer.port();
        fixture.issuer.close();
        fixture.clock.forward(Duration.ofSeconds(1_000));
        assertThat(worker.verify(first())).isInstanceOf(Recognized.class);
        await().untilAsserted(() -> assertThat(worker.verify(second())).isInstanceOf(Undecided.class));
        assertThat(worker.verify(first())).isInstanceOf(Recognized.class);
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).doesNotContain("127.0.0.1");
        fixture.clock.forward(Duration.ofHours(1));
        assertThat(worker.verify(first())).isInstanceOf(Undecided.class);

        try (FakeIssuer again = new FakeIssuer(port)) {
            again.keys = List.of(FIRST);
            await().atMost(Duration.ofSeconds(20)).until(() -> worker.verify(first()) instanceof Recognized);
            assertThat(worker.health().state()).isEqualTo(State.UP);
        }
    }

    @Test
    void isUndecidedUntilTheProviderAnswersForTheFirstTime() throws Exception {
        int port = fixture.issuer.port();
        fixture.issuer.close();
        OidcTokenWorker worker = fixture.tokens(Map.of("timeout_seconds", 2));
        assertThat(worker.recognizes(first())).isTrue();
        assertThat(worker.verify(first())).isInstanceOfSatisfying(
                Undecided.class, undecided -> assertThat(undecided.reason()).contains("try again").doesNotContain("127."));
        try (FakeIssuer again = new FakeIssuer(port)) {
            again.keys = List.of(FIRST);
            await().atMost(Duration.ofSeconds(20)).until(() -> worker.verify(first()) instanceof Recognized);
        }
    }

    @Test
    @DisplayName("lists of keys with 10,000 keys, over 1 MB, that are no list, or an error")
    void refusesOddListsOfKeys() {
        String many = "{\"keys\":[" + "{\"kty\":\"oct\"},".repeat(9_999) + FakeIssuer.text(FIRST.jwk()) + "]}";
        String huge = "{\"keys\":[" + FakeIssuer.text(FIRST.jwk()) + "],\"x\":\"" + "x".repeat(1_100_000) + "\"}";
        for (String body : List.of(many, huge, "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]}", "<html>", "{\"keys\":" + "[".repeat(10_000))) {
            fixture.issuer.keysBody = body;
            OidcTokenWorker worker = fixture.tokens();
            assertThat(worker.verify(first())).as(body.substring(0, Math.min(40, body.length()))).isInstanceOf(Undecided.class);
            await().until(() -> worker.health().state() == State.DEGRADED);
        }
        fixture.issuer.keysBody = null;
        fixture.issuer.keysStatus = 500;
        assertThat(fixture.tokens().verify(first())).isInstanceOf(Undecided.class);
        fixture.issuer.keysStatus = 302;
        assertThat(fixture.tokens().verify(first())).isInstanceOf(Undecided.class);
    }

    @Test
    @DisplayName("keys that are too short (NIST SP 800-131A), symmetric, private, for encryption, off the curve (CVE-2015-7940)")
    void ignoresKeysThatMustNotVerify() {
        TestKey weak = TestKey.rsa("weak", 1024);
        TestKey encrypting = TestKey.rsa("encrypting", 2048);
        TestKey other = TestKey.rsa("other", 2048);
        Map<String, Object> enc = encrypting.jwk();
        enc.put("use", "enc");
        Map<String, Object> wrapping = SECOND.jwk();
        wrapping.put("kid", "wrapping");
        wrapping.put("key_ops", List.of("deriveKey"));
        Map<String, Object> fixed = other.jwk();
        fixed.put("alg", "PS256");
        Map<String, Object> off = SECOND.jwk();
        off.put("y", off.get("x"));
        Map<String, Object> secret = Map.of("kty", "oct", "kid", "secret", "k", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "alg", "HS256");
        Map<String, Object> open = TestKey.ed25519("open").jwk();
        open.put("d", open.get("x"));
        fixture.issuer.keysBody = FakeIssuer.text(Map.of("keys", List.of(
                weak.jwk(), enc, wrapping, fixed, off, secret, open, Map.of("kty", "?"), Map.of(), 7, FIRST.jwk())));
        OidcTokenWorker worker = fixture.tokens();
        assertThat(worker.verify(first())).isInstanceOf(Recognized.class);
        assertThat(worker.verify(weak.token("RS256", fixture.claims()))).isInstanceOf(Refused.class);
        assertThat(worker.verify(encrypting.token("RS256", fixture.claims()))).isInstanceOf(Refused.class);
        assertThat(worker.verify(other.token("RS256", fixture.claims()))).isInstanceOf(Refused.class);
        assertThat(worker.verify(other.token("PS256", fixture.claims()))).isInstanceOf(Recognized.class);
        assertThat(worker.verify(second())).isInstanceOf(Refused.class);
    }

    @Test
    @DisplayName("discovery of another issuer, or that leads inside (OpenID Connect Discovery 4.3; SSRF)")
    void believesDiscoveryOfItsIssuerOnly() {
        fixture.issuer.metadata.put("issuer", fixture.issuer.issuer() + "/");
        assertThat(fixture.tokens().verify(first())).isInstanceOf(Undecided.class);
        fixture.issuer.metadata.put("issuer", fixture.issuer.issuer());
        for (Object keys : List.of("http://169.254.169.254/latest", "file:///etc/passwd", "jar:http://x!/", "https://a@b.example/", 7)) {
            fixture.issuer.metadata.put("jwks_uri", keys);
            assertThat(fixture.tokens().verify(first())).isInstanceOf(Undecided.class);
        }
        assertThat(fixture.guarded).isEmpty();
        fixture.issuer.metadata.put("jwks_uri", "https://10.0.0.1/keys");
        assertThat(fixture.tokens().verify(first())).isInstanceOf(Undecided.class);
        assertThat(fixture.guarded).isNotEmpty().allMatch("https://10.0.0.1/keys"::equals);
    }

    @Test
    void readsKeysFromAnotherOriginThatTheOperatorTrusts() throws Exception {
        try (FakeIssuer other = new FakeIssuer()) {
            other.keys = List.of(FIRST);
            fixture.issuer.metadata.put("jwks_uri", other.base() + "/keys");
            assertThat(fixture.tokens().verify(first())).isInstanceOf(Undecided.class);
            assertThat(fixture.tokens(Map.of("trusted_origins", new String[] {other.base()})).verify(first()))
                    .isInstanceOf(Recognized.class);
        }
    }
}
