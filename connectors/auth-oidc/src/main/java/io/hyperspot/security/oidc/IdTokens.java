// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.security.oidc.Jws.MalformedException;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks ID tokens (OpenID Connect Core 1.0, 3.1.3.7 and 3.1.3.8). Immutable. */
final class IdTokens {
    private final OidcProvider provider;

    IdTokens(OidcProvider provider) {
        this.provider = provider;
    }

    /**
     * The claims of the token.
     *
     * @param accessToken that came with it, or null
     */
    JsonNode check(String text, String nonce, @Nullable String accessToken)
            throws MalformedException, RefusedException, ProviderException {
        OidcSettings settings = provider.settings();
        if (text.length() > settings.maxTokenBytes()) {
            throw new RefusedException("the ID token is too long");
        }
        Jws token = Jws.parse(text);
        Algorithm algorithm = provider.rules().checkHeader(token);
        String type = TokenRules.type(token);
        if (!type.isEmpty() && !type.equals("jwt")) {
            throw new RefusedException("the ID token is another kind of token");
        }
        JsonNode claims = token.claims();
        provider.rules().checkClaims(claims, Set.of(settings.clientId()), provider.clock().instant());
        provider.checkSignature(token, algorithm);
        if (!claims.path("iat").isNumber()) {
            throw new RefusedException("the ID token does not say when it was made");
        }
        checkParty(claims, settings.clientId());
        if (!equal(nonce, TokenRules.text(claims, "nonce"))) {
            throw new RefusedException("the ID token is of another login");
        }
        if (claims.has("at_hash") && !equal(hash(algorithm, accessToken), TokenRules.text(claims, "at_hash"))) {
            throw new RefusedException("the ID token is not of the access token beside it");
        }
        return claims;
    }

    private static void checkParty(JsonNode claims, String client) throws RefusedException {
        String party = TokenRules.text(claims, "azp");
        boolean named = claims.has("azp") || TokenRules.audience(claims).size() > 1;
        if (named && !client.equals(party)) {
            throw new RefusedException("the ID token was made for another client");
        }
    }

    private static String hash(Algorithm algorithm, @Nullable String accessToken) {
        if (accessToken == null) {
            return "";
        }
        try {
            byte[] whole = MessageDigest.getInstance(algorithm.digest()).digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, whole.length / 2));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm.digest(), e);
        }
    }

    private static boolean equal(String expected, @Nullable String given) {
        return given != null
                && !expected.isEmpty()
                && MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
