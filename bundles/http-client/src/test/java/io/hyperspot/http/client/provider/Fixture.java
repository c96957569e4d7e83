// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.Cancellation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/** The client under test. */
final class Fixture implements AutoCloseable {
    static final Request GET = new Request("GET", "/things", List.of(), null);
    static final Request POST = new Request("POST", "/things", List.of(), "{}".getBytes(StandardCharsets.US_ASCII));

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final PooledProviderClients clients;

    Fixture() {
        this((SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    Fixture(SSLSocketFactory tls) {
        clients = new PooledProviderClients(registry, () -> tls, () -> 0);
    }

    MeterRegistry registry() {
        return registry;
    }

    /** With deadlines that no test reaches by accident. */
    ProviderClient open(URI base) {
        Duration ample = Duration.ofSeconds(20);
        return open(base, ample, ample, ample, ample, 100);
    }

    /** Nothing is retried, so that each test sees what one attempt does. */
    ProviderClient open(URI base, Duration connect, Duration firstByte, Duration idle, Duration total, int most) {
        return clients.open(new Settings(
                "acme", base, connect, firstByte, idle, total, most, Retries.NONE, Breaking.DEFAULT));
    }

    ProviderClient open(URI base, Duration total, Retries retries, Breaking breaking) {
        Duration ample = Duration.ofSeconds(20);
        return clients.open(new Settings("acme", base, ample, ample, ample, total, 100, retries, breaking));
    }

    static String text(ProviderClient client, Request request) throws UpstreamException {
        try (ProviderResponse answer = client.send(request, new Cancellation())) {
            return new String(answer.readAll(1 << 24), StandardCharsets.ISO_8859_1);
        }
    }

    /** How sending a request or reading its answer fails. */
    static UpstreamException failure(ProviderClient client, Request request) {
        return catchThrowableOfType(UpstreamException.class, () -> text(client, request));
    }

    @Override
    public void close() {
        clients.stop();
    }
}
