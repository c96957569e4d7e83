// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What a provider tells of a person beside the ID token (OpenID Connect Core 1.0, 5.3). Immutable. */
final class UserInfo {
    private static final int MAX_BYTES = 256 << 10;

    private final OidcProvider provider;

    UserInfo(OidcProvider provider) {
        this.provider = provider;
    }

    /** The claims of the ID token, and those that only the endpoint tells. The ID token's own always win. */
    JsonNode addTo(JsonNode claims, @Nullable String accessToken) throws RefusedException, ProviderException {
        URI endpoint = provider.metadata().userInfo();
        if (endpoint == null || accessToken == null || !isBearer(accessToken)) {
            return claims;
        }
        JsonNode more = ProviderMetadata.document("the userinfo endpoint", provider.http().getAs(accessToken, endpoint, MAX_BYTES));
        if (!claims.path("sub").equals(more.path("sub"))) {
            // another person's token was put in place (5.3.4)
            throw new RefusedException("the identity provider tells of two people in one login");
        }
        ObjectNode all = more.deepCopy();
        claims.properties().forEach(claim -> all.set(claim.getKey(), claim.getValue()));
        return all;
    }

    /** As RFC 6750 writes one: anything else would be another header. */
    private static boolean isBearer(String token) {
        return token.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
