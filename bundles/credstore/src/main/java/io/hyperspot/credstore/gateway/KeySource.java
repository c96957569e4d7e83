// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.credstore.keys.EnvironmentKeys;
import io.hyperspot.credstore.keys.FileKeys;
import io.hyperspot.credstore.keys.KeyEncryptionKeys;
import io.hyperspot.credstore.keys.Pkcs11Keys;
import io.hyperspot.credstore.keys.TransitKeys;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** Opens the key-encryption keys that are configured. */
@FunctionalInterface
interface KeySource {
    /**
     * @param needed whether something is encrypted already, so that no new keys may be made
     * @throws IOException with a sentence for the operator
     */
    KeyEncryptionKeys open(boolean needed) throws IOException;

    /** Keys in a file, made at the first start. */
    static KeySource file(Path file, SecureRandom random) {
        return needed -> {
            Optional<FileKeys> keys = FileKeys.read(file, random);
            if (keys.isEmpty() && needed) {
                throw new IOException("the file " + file + " is missing, without which no secret can be read; restore it");
            }
            return keys.isPresent() ? keys.get() : FileKeys.create(file, random);
        };
    }

    static KeySource of(CredstoreConfig config, Path data, ProviderClients clients, SecureRandom random) {
        return switch (config.key__encryption()) {
            case "environment" -> needed -> EnvironmentKeys.of(config.key__variable(), System.getenv(config.key__variable()), random);
            case "transit" -> needed -> transit(config, clients);
            case "pkcs11" ->
                needed -> new Pkcs11Keys(
                        config.pkcs11__library(), config.pkcs11__slot(), config._pkcs11__pin().toCharArray(), random);
            default -> file(data.resolve("secrets").resolve("credstore-keys"), random);
        };
    }

    private static KeyEncryptionKeys transit(CredstoreConfig config, ProviderClients clients) throws IOException {
        ProviderClient client;
        try {
            client = clients.open(settings(config.transit__url()));
        } catch (IllegalArgumentException e) {
            throw new IOException("transit_url is no URL of http or https", e);
        }
        return TransitKeys.open(client, config.transit__mount(), config.transit__key(), config::_transit__token);
    }

    private static ProviderClients.Settings settings(String url) {
        return new ProviderClients.Settings(
                "credstore-transit",
                URI.create(url),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                100,
                ProviderClients.Retries.DEFAULT,
                ProviderClients.Breaking.DEFAULT);
    }
}
