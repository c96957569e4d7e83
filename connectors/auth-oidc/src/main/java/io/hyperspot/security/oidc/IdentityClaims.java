// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.oidc.TokenRules.RefusedException;
import io.hyperspot.security.spi.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes an identity of verified claims. Immutable. */
final class IdentityClaims {
    private static final int MAX_NAME = 200;
    private static final List<String> NAMES = List.of("preferred_username", "email");

    private final OidcSettings settings;

    IdentityClaims(OidcSettings settings) {
        this.settings = settings;
    }

    Identity ofAccessToken(JsonNode claims) throws RefusedException {
        return identity(claims, settings.scopePermissions() ? permissions(claims) : List.of(Permission.ALL));
    }

    Identity ofLogin(JsonNode claims) throws RefusedException {
        return identity(claims, List.of(Permission.ALL));
    }

    /** Whether some of the claims that an identity is made of are not there. */
    boolean lacks(JsonNode claims) {
        return Stream.of(settings.tenantClaim(), settings.groupsClaim(), settings.nameClaim())
                .anyMatch(name -> !name.isEmpty() && at(claims, name).isMissingNode());
    }

    private Identity identity(JsonNode claims, List<Permission> scopes) throws RefusedException {
        String subject = claims.path("sub").textValue();
        return new Identity("oidc:" + settings.name() + ":" + subject, name(claims, subject), tenant(claims), groups(claims), scopes);
    }

    private TenantId tenant(JsonNode claims) throws RefusedException {
        TenantId fixed = settings.tenant();
        if (fixed != null) {
            return fixed;
        }
        try {
            JsonNode value = at(claims, settings.tenantClaim());
            String text = value.isTextual() ? value.textValue() : "";
            TenantId tenant = TenantId.of(text);
            // UUID.fromString takes short forms; a tenant has one text
            if (tenant.toString().equalsIgnoreCase(text) && !tenant.equals(TenantId.ROOT)) {
                return tenant;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new RefusedException("the identity provider names no tenant for this account");
    }

    private List<String> groups(JsonNode claims) {
        JsonNode value = at(claims, settings.groupsClaim());
        List<String> groups = new ArrayList<>();
        if (value.isTextual()) {
            groups.add(value.textValue());
        } else if (value.isArray()) {
            value.forEach(each -> groups.add(each.isTextual() ? each.textValue() : ""));
        }
        return groups.stream().filter(group -> !group.isBlank()).map(group -> settings.groupsPrefix() + group).distinct().toList();
    }

    private String name(JsonNode claims, String subject) {
        JsonNode configured = at(claims, settings.nameClaim());
        return Stream.concat(Stream.of(configured), NAMES.stream().map(claims::path))
                .map(value -> value.isTextual() ? value.textValue().strip() : "")
                .filter(text -> !text.isEmpty() && text.length() <= MAX_NAME && TokenRules.isPrintable(text))
                .findFirst()
                .orElse(subject);
    }

    private static List<Permission> permissions(JsonNode claims) {
        JsonNode scope = claims.has("scope") ? claims.path("scope") : claims.path("scp");
        List<String> words = new ArrayList<>();
        if (scope.isTextual()) {
            words.addAll(List.of(scope.textValue().split(" ", -1)));
        } else if (scope.isArray()) {
            scope.forEach(each -> words.add(each.asText()));
        }
        return words.stream().map(IdentityClaims::permission).flatMap(Stream::ofNullable).distinct().toList();
    }

    /** Null for other scopes. */
    private static @Nullable Permission permission(String text) {
        try {
            return Permission.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The claim of exactly that name, which may be a URL; else along the dots. */
    private static JsonNode at(JsonNode claims, String path) {
        if (path.isEmpty()) {
            return MissingNode.getInstance();
        }
        JsonNode direct = claims.get(path);
        if (direct != null) {
            return direct;
        }
        JsonNode node = claims;
        for (String step : path.split("\\.", -1)) {
            node = node.path(step);
        }
        return node;
    }
}
