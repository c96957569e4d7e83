// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key in HashiCorp Vault's transit engine, which never leaves it. The key must be of a type with
 * associated data, {@code aes256-gcm96} or {@code chacha20-poly1305}.
 */
public final class TransitKeys implements KeyEncryptionKeys, AutoCloseable {
    private static final int MAX_ANSWER = 1 << 20;

    private final ProviderClient client;
    private final String mount;
    private final String name;
    private final Supplier<String> token;
    private final ObjectMapper json = new ObjectMapper();
    private volatile String current;

    private TransitKeys(ProviderClient client, String mount, String name, Supplier<String> token) {
        this.client = client;
        this.mount = mount;
        this.name = name;
        this.token = token;
        this.current = latest();
    }

    /**
     * Takes over the client: it is closed with the keys, or at once when they cannot be opened.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when the key cannot be read
     */
    public static TransitKeys open(ProviderClient client, String mount, String name, Supplier<String> token) {
        try {
            return new TransitKeys(client, mount, name, token);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private String latest() {
        JsonNode answer = accepted(send("GET", "keys/" + name, null));
        long version = answer.path("data").path("latest_version").asLong();
        if (version < 1) {
            throw LocalKeys.unavailable("Vault says no version of the transit key", null);
        }
        return "transit-" + version;
    }

    @Override
    public String current() {
        return current;
    }

    @Override
    public Wrapped wrap(byte[] dataKey, byte[] associated) {
        ObjectNode request = json.createObjectNode()
                .put("plaintext", Base64.getEncoder().encodeToString(dataKey))
                .put("associated_data", Base64.getEncoder().encodeToString(associated));
        String sealed = accepted(send("POST", "encrypt/" + name, request)).path("data").path("ciphertext").asText();
        String[] parts = sealed.split(":", 3);
        if (parts.length != 3 || !parts[0].equals("vault") || !parts[1].matches("v[0-9]{1,9}")) {
            throw LocalKeys.unavailable("Vault answers no ciphertext", null);
        }
        return new Wrapped("transit-" + parts[1].substring(1), sealed.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public byte[] unwrap(Wrapped wrapped, byte[] associated) throws TamperedException {
        ObjectNode request = json.createObjectNode()
                .put("ciphertext", new String(wrapped.bytes(), StandardCharsets.US_ASCII))
                .put("associated_data", Base64.getEncoder().encodeToString(associated));
        Answer answer = send("POST", "decrypt/" + name, request);
        if (answer.status() == 400) {
            throw new TamperedException(new IOException("Vault does not decrypt it"));
        }
        try {
            byte[] dataKey = Base64.getDecoder().decode(accepted(answer).path("data").path("plaintext").asText());
            if (dataKey.length == AesGcm.KEY) {
                return dataKey;
            }
        } catch (IllegalArgumentException e) {
            // said below, without what was answered
        }
        throw LocalKeys.unavailable("Vault answers no data key", null);
    }

    @Override
    public void rotate() {
        accepted(send("POST", "keys/" + name + "/rotate", json.createObjectNode()));
        current = latest();
    }

    private record Answer(int status, JsonNode body) {}

    private static JsonNode accepted(Answer answer) {
        if (answer.status() / 100 != 2) {
            throw LocalKeys.unavailable("Vault's transit engine answers " + answer.status(), null);
        }
        return answer.body();
    }

    private List<Header> headers() {
        try {
            return List.of(
                    new Header("X-Vault-Token", token.get().strip()),
                    new Header("X-Vault-Request", "true"),
                    new Header("Content-Type", "application/json"));
        } catch (IllegalArgumentException e) {
            throw LocalKeys.unavailable("transit_token holds what no token holds", null);
        }
    }

    private Answer send(String method, String path, @Nullable ObjectNode body) {
        List<Header> headers = headers();
        try {
            byte[] bytes = body == null ? null : json.writeValueAsBytes(body);
            Request request = new Request(method, "/v1/" + mount + "/" + path, headers, bytes);
            try (ProviderResponse response = client.send(request, new Cancellation())) {
                byte[] answer = response.readAll(MAX_ANSWER);
                return new Answer(response.status(), answer.length == 0 ? json.createObjectNode() : json.readTree(answer));
            }
        } catch (JacksonException e) {
            // without the cause, which quotes the answer, where a data key may be
            throw LocalKeys.unavailable("Vault's transit engine answers no JSON", null);
        } catch (IOException e) {
            throw LocalKeys.unavailable("Vault's transit engine does not answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
