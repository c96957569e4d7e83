// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.security.oidc.ProviderHttp.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a provider as it published them (RFC 7517). Immutable. */
record KeySet(List<VerificationKey> keys) {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_KEYS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    KeySet {
        keys = List.copyOf(keys);
    }

    static KeySet of(Answer answer) throws ProviderException {
        JsonNode list = ProviderMetadata.document("the list of keys", answer).path("keys");
        if (!list.isArray() || list.size() > MAX_KEYS) {
            throw ProviderException.bad("the list of keys holds none, or more than " + MAX_KEYS);
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (JsonNode each : list) {
            if (each.isObject()) {
                // an object becomes a map of texts to values
                @SuppressWarnings("unchecked")
                Map<String, Object> json = JSON.convertValue(each, Map.class);
                VerificationKey.of(json).ifPresent(keys::add);
            }
        }
        if (keys.isEmpty()) {
            throw ProviderException.bad("no key in the list of keys can verify signatures");
        }
        return new KeySet(keys);
    }

    static int maxBytes() {
        return MAX_BYTES;
    }

    /** The keys with which a token may be signed: those with the name; without a name the only one that fits. */
    List<VerificationKey> candidates(@Nullable String kid, Algorithm algorithm) {
        List<VerificationKey> fitting = keys.stream()
                .filter(key -> key.fits(algorithm) && (kid == null || kid.equals(key.id())))
                .toList();
        return kid == null && fitting.size() > 1 ? List.of() : fitting;
    }
}
