// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one directory is configured with, checked.
 *
 * @param bindDn empty: anonymous
 */
record LdapSettings(
        String name,
        Transport transport,
        List<ServerAddress> servers,
        String bindDn,
        DN userBase,
        FilterTemplate userFilter,
        String subjectAttribute,
        String nameAttribute,
        Tenants tenants,
        Groups groups,
        Limits limits) {
    private static final int MOST_SERVERS = 8;

    /**
     * Whose people these are.
     *
     * @param fixed of everybody, or null: the attribute says it
     * @param listed those that it may name
     */
    record Tenants(@Nullable TenantId fixed, String attribute, Set<TenantId> listed) {}

    /**
     * Where groups are found, and what they are called here.
     *
     * @param attribute of a person and of a group, that names groups; empty: none
     * @param filter finds the groups of a member; null: the attribute names them
     * @param base below it groups count by their name; null: only those in {@code names}
     * @param member the attribute that the filter compares; empty: the DN
     * @param names what groups are called that are called otherwise here
     */
    record Groups(
            String attribute,
            @Nullable FilterTemplate filter,
            @Nullable DN base,
            String member,
            String nameAttribute,
            Map<DN, String> names,
            String prefix,
            int depth,
            int most) {}

    /** How much, and how long. */
    record Limits(int connections, Duration patience, Duration timeout, Duration refusal) {}

    /**
     * @throws IllegalArgumentException for what cannot be used; the message is for the operator
     */
    static LdapSettings of(String name, LdapConfig config) {
        Transport transport = Transport.configured(config.security());
        List<ServerAddress> servers = Stream.of(config.urls())
                .filter(url -> !url.isBlank())
                .map(url -> ServerAddress.of(url, transport))
                .distinct()
                .toList();
        if (servers.isEmpty() || servers.size() > MOST_SERVERS) {
            throw new IllegalArgumentException("'urls' must name at least one server, and at most " + MOST_SERVERS);
        }
        String bindDn = config.bind__dn().strip();
        if (!bindDn.isEmpty() && config._bind__password().isBlank()) {
            throw new IllegalArgumentException("'bind_dn' needs 'bind_password'");
        }
        if (!bindDn.isEmpty() && bindDn.contains("=")) {
            dn("bind_dn", bindDn);
        }
        return new LdapSettings(
                name,
                transport,
                servers,
                bindDn,
                dn("user_base", config.user__base()),
                FilterTemplate.of("user_filter", config.user__filter()),
                attribute("subject_attribute", config.subject__attribute(), true),
                attribute("name_attribute", config.name__attribute(), false),
                tenants(config),
                groups(config),
                new Limits(
                        config.connections(),
                        Duration.ofSeconds(config.wait__seconds()),
                        Duration.ofSeconds(config.timeout__seconds()),
                        Duration.ofMillis(config.refusal__millis())));
    }

    private static Tenants tenants(LdapConfig config) {
        boolean fixed = !config.tenant().isBlank();
        String attribute = attribute("tenant_attribute", config.tenant__attribute(), false);
        if (fixed == !attribute.isEmpty()) {
            throw new IllegalArgumentException("one of 'tenant' and 'tenant_attribute' must be set, and only one");
        }
        Set<TenantId> listed = Stream.of(config.tenants())
                .filter(text -> !text.isBlank())
                .map(text -> tenant("tenants", text))
                .collect(Collectors.toUnmodifiableSet());
        if (!fixed && listed.isEmpty()) {
            throw new IllegalArgumentException("'tenant_attribute' needs 'tenants': those that it may name");
        }
        if (listed.contains(TenantId.ROOT)) {
            throw new IllegalArgumentException("'tenants' must not list the root tenant: who may write the attribute would own the server");
        }
        return new Tenants(fixed ? tenant("tenant", config.tenant()) : null, attribute, listed);
    }

    private static Groups groups(LdapConfig config) {
        boolean searched = !config.group__filter().isBlank();
        DN base = config.group__base().isBlank() ? null : dn("group_base", config.group__base());
        if (searched && base == null) {
            throw new IllegalArgumentException("'group_filter' needs 'group_base'");
        }
        String member = attribute("group_member", config.group__member(), false);
        if (config.group__depth() > 0 && searched && !member.isEmpty()) {
            throw new IllegalArgumentException("'group_depth' needs groups that name their members by DN: leave 'group_member' empty");
        }
        Map<DN, String> names = new LinkedHashMap<>();
        for (String entry : config.group__names()) {
            int sign = entry.indexOf('=');
            String called = sign < 0 ? "" : entry.substring(0, sign).strip();
            if (!Texts.isName(called)) {
                throw new IllegalArgumentException("'group_names' must be of entries such as admins=cn=HyperSpot Admins,ou=groups,dc=example");
            }
            names.put(dn("group_names", entry.substring(sign + 1)), called);
        }
        return new Groups(
                attribute("groups_attribute", config.groups__attribute(), false),
                searched ? FilterTemplate.of("group_filter", config.group__filter()) : null,
                base,
                member,
                attribute("group_name_attribute", config.group__name__attribute(), true),
                Map.copyOf(names),
                config.groups__prefix().strip(),
                config.group__depth(),
                config.max__groups());
    }

    private static TenantId tenant(String key, String text) {
        try {
            return TenantId.of(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + key + "' must hold UUIDs", e);
        }
    }

    private static String attribute(String key, String text, boolean required) {
        String attribute = text.strip();
        // RFC 4512, section 2.5: without options, and without what asks for all
        if (attribute.isEmpty() ? required : !attribute.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,127}")) {
            throw new IllegalArgumentException("'" + key + "' must be the name of an attribute");
        }
        return attribute;
    }

    private static DN dn(String key, String text) {
        try {
            DN dn = new DN(text.strip());
            if (!dn.isNullDN()) {
                return dn;
            }
        } catch (LDAPException e) {
            throw new IllegalArgumentException("'" + key + "' must hold a DN such as ou=people,dc=example,dc=com", e);
        }
        throw new IllegalArgumentException("'" + key + "' must not be empty: it is a DN such as ou=people,dc=example,dc=com");
    }
}
