// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests to Vault's HTTP API. Redirects are not followed, for the token would go with them. Thread-safe. */
final class VaultHttp implements AutoCloseable {
    /** Thrice the largest value as base64, with room for what is around it. */
    private static final int MAX_ANSWER = 1 << 19;

    private static final Breaking BREAKING = new Breaking(5, java.time.Duration.ofSeconds(2));

    /**
     * An answer, whatever its status.
     *
     * @param body missing when it is no JSON
     * @param at Vault's own time, as far as it tells it
     */
    record Answer(int status, JsonNode body, Instant at) {
        boolean isDone() {
            return status / 100 == 2;
        }

        /** Without the body, where a value or a token may be. */
        @Override
        public String toString() {
            return "answer " + status;
        }
    }

    private final ProviderClient client;
    private final String namespace;
    private final Problems problems;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    VaultHttp(ProviderClients clients, VaultSettings settings, Problems problems, Clock clock) {
        this.namespace = settings.namespace();
        this.problems = problems;
        this.clock = clock;
        this.client = clients.open(new ProviderClients.Settings(
                "credentials-vault-" + settings.store(),
                settings.address(),
                settings.timeout(),
                settings.timeout(),
                settings.timeout(),
                settings.timeout(),
                settings.maxConnections(),
                Retries.DEFAULT,
                BREAKING));
    }

    ObjectNode object() {
        return json.createObjectNode();
    }

    /**
     * @param token null: for a login
     * @param repeatable whether Vault may get it twice
     * @throws ProblemException when no answer came, or success that is no JSON
     */
    Answer send(String method, String path, @Nullable String token, @Nullable ObjectNode body, boolean repeatable, Deadline deadline) {
        if (deadline.left() <= 0) {
            throw problems.late();
        }
        byte[] sent = null;
        try {
            sent = body == null ? null : json.writeValueAsBytes(body);
            Request request =
                    new Request(method, "/v1/" + path, headers(token), sent, 0, sent == null ? 0 : sent.length, repeatable);
            try (ProviderResponse response = client.send(request, new Cancellation())) {
                return answer(response);
            }
        } catch (UpstreamException e) {
            throw problems.of(e);
        } catch (IOException e) {
            throw problems.unavailable("the request to Vault cannot be written", null);
        } finally {
            wipe(sent);
        }
    }

    private Answer answer(ProviderResponse response) throws UpstreamException {
        byte[] bytes = response.readAll(MAX_ANSWER);
        JsonNode body = MissingNode.getInstance();
        try {
            body = bytes.length == 0 ? body : json.readTree(bytes);
        } catch (JacksonException e) {
            if (response.status() / 100 == 2) {
                throw problems.badAnswer("no JSON");
            }
            // what stands between may answer in HTML: the status says enough
        } catch (IOException e) {
            throw problems.badAnswer("no JSON");
        } finally {
            wipe(bytes);
        }
        return new Answer(response.status(), body, time(response.header("date")));
    }

    private Instant time(@Nullable String date) {
        try {
            if (date != null) {
                return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
            }
        } catch (DateTimeException e) {
            // as if it told none
        }
        return clock.instant();
    }

    private List<Header> headers(@Nullable String token) {
        List<Header> headers = new ArrayList<>();
        // Vault Agent and proxies may demand it: what a browser is made to send does not have it
        headers.add(new Header("X-Vault-Request", "true"));
        headers.add(new Header("Content-Type", "application/json"));
        if (!namespace.isEmpty()) {
            headers.add(new Header("X-Vault-Namespace", namespace));
        }
        if (token != null) {
            try {
                headers.add(new Header("X-Vault-Token", token));
            } catch (IllegalArgumentException e) {
                throw problems.denied(
                        "the operator must renew this server's token", "the token holds a control character, so it is none");
            }
        }
        return headers;
    }

    private static void wipe(byte @Nullable [] bytes) {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
