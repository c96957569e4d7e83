// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.security.oidc.ProviderHttp.Answer;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gives a code for tokens (RFC 6749, 4.1.3; RFC 7636, 4.5). Thread-safe. */
final class CodeExchange {
    private static final int MAX_BYTES = 256 << 10;

    /** What came for the code. */
    record Tokens(String idToken, @Nullable String accessToken) {
        @Override
        public String toString() {
            return "Tokens[***]";
        }
    }

    private final OidcProvider provider;
    private final ConfiguredSecret secret;

    CodeExchange(OidcProvider provider, ConfiguredSecret secret) {
        this.provider = provider;
        this.secret = secret;
    }

    Tokens exchange(String code, String verifier, URI callback) throws RefusedException, ProviderException {
        URI endpoint = provider.metadata().token();
        if (endpoint == null) {
            throw ProviderException.bad("the discovery document names no token_endpoint");
        }
        String clientId = provider.settings().clientId();
        String password = secret.reveal();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", callback.toString());
        form.put("code_verifier", verifier);
        List<Header> headers = List.of();
        if (password.isEmpty()) {
            form.put("client_id", clientId);
        } else {
            // both in the form's encoding first (RFC 6749, 2.3.1)
            String basic = encode(clientId) + ":" + encode(password);
            headers = List.of(new Header(
                    "Authorization", "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8))));
        }
        return tokens(provider.http().post(endpoint, encode(form), headers, MAX_BYTES));
    }

    private Tokens tokens(Answer answer) throws RefusedException, ProviderException {
        if (answer.status() == 400 || answer.status() == 401) {
            throw refused(answer);
        }
        JsonNode tokens = ProviderMetadata.document("the exchange of the code", answer);
        provider.health().clientRefused("");
        JsonNode idToken = tokens.path("id_token");
        if (!idToken.isTextual()) {
            throw ProviderException.bad("the exchange of the code brought no ID token");
        }
        JsonNode accessToken = tokens.path("access_token");
        return new Tokens(idToken.textValue(), accessToken.isTextual() ? accessToken.textValue() : null);
    }

    /** A used or old code is its bearer's fault, everything else one of the two servers'. */
    private RefusedException refused(Answer answer) throws ProviderException {
        String error = ErrorCode.of(ProviderMetadata.json("the exchange of the code", answer.body()).path("error").asText());
        if (error.equals("invalid_grant")) {
            return new RefusedException("the login has expired or was completed already: begin it again");
        }
        if (error.equals("invalid_client") || error.equals("unauthorized_client")) {
            provider.health().clientRefused(error);
        }
        throw ProviderException.bad("the exchange of the code was refused: " + error);
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
