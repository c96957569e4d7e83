// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one provider is configured with, checked.
 *
 * @param tenant of everybody, or null: an attribute says it
 * @param tenants by the value of that attribute
 * @param subjectAttribute or empty: the persistent NameID
 * @param groups by the value of the attribute; empty: each is its own
 * @param maxAge or zero: any
 */
record SamlSettings(
        String name,
        IdentityProvider provider,
        String spEntityId,
        @Nullable TenantId tenant,
        String tenantAttribute,
        Map<String, TenantId> tenants,
        String subjectAttribute,
        String nameAttribute,
        String groupsAttribute,
        Map<String, String> groups,
        String groupsPrefix,
        List<String> authnContexts,
        boolean forceAuthn,
        Duration maxAge,
        Duration skew,
        int maxResponseBytes) {
    private static final Pattern ENTITY_ID = Pattern.compile("[!-~]{1,1024}");

    /**
     * @throws IllegalArgumentException for what cannot be used; the message is for the operator
     */
    static SamlSettings of(String name, SamlConfig config) {
        String spEntityId = config.sp__entity__id().strip();
        if (!ENTITY_ID.matcher(spEntityId).matches()) {
            throw new IllegalArgumentException("'sp_entity_id' must be a URI of at most 1024 characters");
        }
        boolean fixed = !config.tenant().isBlank();
        if (fixed != config.tenant__attribute().isBlank()) {
            throw new IllegalArgumentException("one of 'tenant' and 'tenant_attribute' must be set, and only one");
        }
        Map<String, TenantId> tenants = new LinkedHashMap<>();
        pairs("tenants", config.tenants()).forEach((value, uuid) -> tenants.put(value, tenant("tenants", uuid)));
        if (fixed == !tenants.isEmpty()) {
            throw new IllegalArgumentException("'tenants' must list the tenants for 'tenant_attribute', and stand with it alone");
        }
        if (tenants.containsValue(TenantId.ROOT)) {
            throw new IllegalArgumentException("'tenants' must not list the root tenant");
        }
        return new SamlSettings(
                name,
                IdentityProvider.of(config),
                spEntityId,
                fixed ? tenant("tenant", config.tenant().strip()) : null,
                config.tenant__attribute().strip(),
                Map.copyOf(tenants),
                config.subject__attribute().strip(),
                config.name__attribute().strip(),
                config.groups__attribute().strip(),
                Map.copyOf(pairs("groups", config.groups())),
                config.groups__prefix().strip(),
                words(config.authn__contexts()),
                config.force__authn(),
                Duration.ofSeconds(config.max__authentication__age__seconds()),
                Duration.ofSeconds(config.clock__skew__seconds()),
                config.max__response__bytes());
    }

    private static TenantId tenant(String what, String text) {
        try {
            TenantId tenant = TenantId.of(text);
            if (tenant.toString().equalsIgnoreCase(text)) {
                return tenant;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new IllegalArgumentException("'" + what + "' must be a UUID, or lead to one");
    }

    /** Split at the last '=': values are often names of directories. Without one both are the same. */
    private static Map<String, String> pairs(String what, String[] entries) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String entry : words(entries)) {
            int at = entry.lastIndexOf('=');
            String value = at < 0 ? entry : entry.substring(0, at).strip();
            String meaning = entry.substring(at + 1).strip();
            if (value.isEmpty() || meaning.isEmpty() || pairs.put(value, meaning) != null) {
                throw new IllegalArgumentException("'" + what + "' must hold entries VALUE=MEANING, each value once");
            }
        }
        return pairs;
    }

    private static List<String> words(String[] configured) {
        return Stream.of(configured).map(String::strip).filter(each -> !each.isEmpty()).distinct().toList();
    }
}
