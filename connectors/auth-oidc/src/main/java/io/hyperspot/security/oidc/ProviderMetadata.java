// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperspot.security.oidc.ProviderHttp.Answer;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0).
 *
 * @param authorization null: nobody can log in there
 * @param token null: nobody can log in there
 * @param userInfo null: there is none
 * @param namesItself whether it says who it is when it sends a browser back (RFC 9207)
 */
record ProviderMetadata(URI keys, @Nullable URI authorization, @Nullable URI token, @Nullable URI userInfo, boolean namesItself) {
    private static final String PATH = "/.well-known/openid-configuration";
    private static final int MAX_BYTES = 256 << 10;
    private static final ObjectMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static ProviderMetadata fetch(ProviderHttp http, String issuer) throws ProviderException {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        JsonNode document = document("the discovery document", http.get(URI.create(base + PATH), MAX_BYTES));
        String said = document.path("issuer").asText();
        if (!said.equals(issuer)) {
            throw ProviderException.bad("the discovery document is of issuer '" + printable(said) + "', not of '" + issuer + "'");
        }
        URI keys = url(document, "jwks_uri");
        if (keys == null) {
            throw ProviderException.bad("the discovery document names no jwks_uri");
        }
        return new ProviderMetadata(
                keys,
                url(document, "authorization_endpoint"),
                url(document, "token_endpoint"),
                url(document, "userinfo_endpoint"),
                document.path("authorization_response_iss_parameter_supported").asBoolean());
    }

    /** The JSON object of a successful answer. */
    static JsonNode document(String what, Answer answer) throws ProviderException {
        if (answer.status() != 200) {
            throw ProviderException.bad(what + " was answered with status " + answer.status());
        }
        return json(what, answer.body());
    }

    static JsonNode json(String what, byte[] body) throws ProviderException {
        try {
            JsonNode document = JSON.readTree(StrictUtf8.decode(body));
            if (document != null && document.isObject()) {
                return document;
            }
        } catch (IOException e) {
            // said below; the body may hold tokens
        }
        throw ProviderException.bad(what + " is not a JSON object");
    }

    private static @Nullable URI url(JsonNode document, String name) throws ProviderException {
        JsonNode value = document.path(name);
        if (!value.isTextual()) {
            return null;
        }
        try {
            return Origins.checked(name, value.textValue());
        } catch (IllegalArgumentException e) {
            throw new ProviderException(true, "in the discovery document " + e.getMessage(), e);
        }
    }

    private static String printable(String text) {
        String brief = text.length() > 200 ? text.substring(0, 200) : text;
        return TokenRules.isPrintable(brief) ? brief : "?";
    }
}
