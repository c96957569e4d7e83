// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import io.hyperspot.security.TenantId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one provider is configured with, checked.
 *
 * @param tenant of everybody, or null: the claim says it
 */
record OidcSettings(
        String name,
        String issuer,
        Set<String> audiences,
        String clientId,
        String loginScope,
        @Nullable TenantId tenant,
        String tenantClaim,
        String groupsClaim,
        String groupsPrefix,
        String nameClaim,
        boolean userInfo,
        boolean scopePermissions,
        Set<Algorithm> algorithms,
        Duration skew,
        int maxTokenBytes,
        Duration keysRefresh,
        Duration keysPause,
        Duration keysOutage,
        Duration timeout,
        Set<URI> trustedOrigins) {

    /**
     * @throws IllegalArgumentException for what cannot be used; the message is for the operator
     */
    static OidcSettings of(String name, OidcConfig config) {
        URI issuer = Origins.checked("issuer", config.issuer());
        if (issuer.getRawQuery() != null || issuer.getRawFragment() != null) {
            throw new IllegalArgumentException("'issuer' must have neither query nor fragment");
        }
        boolean fixed = !config.tenant().isBlank();
        if (fixed != config.tenant__claim().isBlank()) {
            throw new IllegalArgumentException("one of 'tenant' and 'tenant_claim' must be set, and only one");
        }
        Set<URI> origins = new LinkedHashSet<>(Set.of(Origins.of(issuer)));
        for (String origin : config.trusted__origins()) {
            origins.add(Origins.of(Origins.checked("trusted_origins", origin)));
        }
        return new OidcSettings(
                name,
                config.issuer(),
                words(config.audiences()),
                config.client__id().strip(),
                String.join(" ", scopes(config.login__scopes())),
                fixed ? tenant(config.tenant().strip()) : null,
                config.tenant__claim().strip(),
                config.groups__claim().strip(),
                config.groups__prefix().strip(),
                config.name__claim().strip(),
                config.userinfo(),
                config.scope__permissions(),
                algorithms(config.algorithms()),
                Duration.ofSeconds(config.clock__skew__seconds()),
                config.max__token__bytes(),
                Duration.ofSeconds(config.keys__refresh__seconds()),
                Duration.ofSeconds(config.keys__pause__seconds()),
                Duration.ofSeconds(config.keys__outage__seconds()),
                Duration.ofSeconds(config.timeout__seconds()),
                Set.copyOf(origins));
    }

    private static TenantId tenant(String text) {
        try {
            return TenantId.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'tenant' must be a UUID", e);
        }
    }

    private static Set<Algorithm> algorithms(String[] names) {
        Set<Algorithm> algorithms = Arrays.stream(names).map(String::strip).map(Algorithm::configured).collect(Collectors.toSet());
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("'algorithms' must name at least one");
        }
        return Set.copyOf(algorithms);
    }

    private static List<String> scopes(String[] configured) {
        List<String> scopes = new ArrayList<>(List.of("openid"));
        Stream.of(configured).map(String::strip).filter(s -> !s.isEmpty() && !scopes.contains(s)).forEach(scopes::add);
        return scopes;
    }

    private static Set<String> words(String[] configured) {
        return Stream.of(configured).map(String::strip).filter(s -> !s.isEmpty()).collect(Collectors.toUnmodifiableSet());
    }
}
