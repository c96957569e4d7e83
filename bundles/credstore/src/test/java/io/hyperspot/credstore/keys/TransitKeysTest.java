// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.credstore.keys.KeyEncryptionKeys.Wrapped;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.provider.PooledProviderClients;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TransitKeysTest {
    private static final byte[] DATA_KEY = "a-data-key-of-thirty-two-bytes--".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLACE = "place".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ELSEWHERE = "elsewhere".getBytes(StandardCharsets.US_ASCII);

    private final PooledProviderClients clients = new PooledProviderClients(new SimpleMeterRegistry());
    private final AtomicInteger closed = new AtomicInteger();
    private FakeTransit vault;

    @BeforeEach
    void start() throws Exception {
        vault = new FakeTransit();
    }

    @AfterEach
    void stop() {
        vault.close();
        clients.stop();
        assertThat(vault.mistakes()).isEmpty();
    }

    /** Counts what is closed. */
    private record Counted(ProviderClient client, AtomicInteger closed) implements ProviderClient {
        @Override
        public ProviderResponse send(Request request, Cancellation cancellation) throws UpstreamException {
            return client.send(request, cancellation);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            client.close();
        }
    }

    private TransitKeys open(String token) {
        Duration wait = Duration.ofSeconds(1);
        ProviderClient client = clients.open(new ProviderClients.Settings(
                "vault",
                vault.url(),
                wait,
                wait,
                wait,
                wait,
                10,
                ProviderClients.Retries.NONE,
                ProviderClients.Breaking.NEVER));
        return TransitKeys.open(new Counted(client, closed), "transit", "hyperspot", () -> token);
    }

    private static void assertUnavailable(ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        StringWriter logged = new StringWriter();
        e.printStackTrace(new PrintWriter(logged));
        assertThat(logged.toString()).doesNotContain(FakeTransit.TOKEN).doesNotContain("7731").doesNotContain("a-data-key");
    }

    @Test
    void wrapsAndUnwrapsBoundToThePlace() throws Exception {
        try (TransitKeys keys = open(FakeTransit.TOKEN + "\n")) {
            Wrapped wrapped = keys.wrap(DATA_KEY, PLACE);
            assertThat(wrapped.keyId()).isEqualTo("transit-1").isEqualTo(keys.current());
            assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(DATA_KEY);
            assertThatThrownBy(() -> keys.unwrap(wrapped, ELSEWHERE)).isInstanceOf(TamperedException.class);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void stillUnwrapsWhatIsOlderThanARotation() throws Exception {
        try (TransitKeys keys = open(FakeTransit.TOKEN)) {
            Wrapped old = keys.wrap(DATA_KEY, PLACE);
            keys.rotate();
            assertThat(keys.current()).isEqualTo("transit-2");
            assertThat(keys.wrap(DATA_KEY, PLACE).keyId()).isEqualTo("transit-2");
            assertThat(keys.unwrap(old, PLACE)).isEqualTo(DATA_KEY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500, 503, -1})
    void reportsThatVaultCannotBeUsed(int broken) throws Exception {
        try (TransitKeys keys = open(FakeTransit.TOKEN)) {
            Wrapped wrapped = keys.wrap(DATA_KEY, PLACE);
            vault.broken = broken;
            assertUnavailable(() -> keys.wrap(DATA_KEY, PLACE));
            assertUnavailable(() -> keys.unwrap(wrapped, PLACE));
            assertUnavailable(keys::rotate);
            assertThat(keys.current()).isEqualTo("transit-1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "a-data-key-of-thirty",
                "{\"data\":{\"plaintext\":a-data-key}}",
                "[]",
                "{\"data\":{\"ciphertext\":\"v1:a-data-key\",\"plaintext\":\"YQ==\",\"latest_version\":0}}",
                "{\"data\":{\"ciphertext\":\"vault:vX:a\",\"plaintext\":\"a-data-key%\"}}"
            })
    void reportsAnAnswerThatMakesNoSenseWithoutQuotingIt(String body) throws Exception {
        try (TransitKeys keys = open(FakeTransit.TOKEN)) {
            Wrapped wrapped = keys.wrap(DATA_KEY, PLACE);
            vault.body = body;
            assertUnavailable(() -> keys.wrap(DATA_KEY, PLACE));
            assertUnavailable(() -> keys.unwrap(wrapped, PLACE));
            assertUnavailable(keys::rotate);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "another-token-7731", "with\u0000control-7731"})
    void closesTheClientOfATryThatFails(String token) {
        for (int i = 1; i <= 3; i++) {
            assertUnavailable(() -> open(token));
            assertThat(closed).hasValue(i);
        }
    }
}
