// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import io.hyperspot.security.ldap.Person.UnusableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The groups of a person, called as bindings call them. Whoever may create groups somewhere in a directory
 * must not gain rights by a name: only groups below the configured base have one, and those that the
 * configuration names by their DN.
 */
final class GroupSearch {
    private static final int AT_ONCE = 50;

    private final ConnectionPool connections;
    private final LdapSettings.Groups settings;
    private final int seconds;

    GroupSearch(ConnectionPool connections, LdapSettings settings) {
        this.connections = connections;
        this.settings = settings.groups();
        this.seconds = Math.toIntExact(settings.limits().timeout().toSeconds());
    }

    /** Attributes of the person that are needed here. */
    List<String> attributes() {
        List<String> needed = new ArrayList<>();
        needed.add(settings.filter() == null ? settings.attribute() : settings.member());
        needed.removeIf(String::isEmpty);
        return needed;
    }

    /**
     * @throws UnusableException when there are more than may be
     */
    List<String> of(Entry person) throws UnusableException, LDAPException, DirectoryException {
        Map<DN, String> found = settings.filter() == null ? byAttribute(person) : bySearch(person, settings.filter());
        return found.values().stream()
                .filter(Texts::isName)
                .map(name -> settings.prefix() + name)
                .distinct()
                .toList();
    }

    private Map<DN, String> byAttribute(Entry person) throws UnusableException, LDAPException, DirectoryException {
        Map<DN, String> found = new LinkedHashMap<>();
        Collection<DN> level = named(person);
        for (int depth = 0; !level.isEmpty(); depth++) {
            Set<DN> next = new LinkedHashSet<>();
            for (DN group : level) {
                if (found.putIfAbsent(group, nameOf(group)) == null && depth < settings.depth()) {
                    next.addAll(groupsOf(group));
                }
                checkCount(found);
            }
            next.removeAll(found.keySet());
            level = next;
        }
        return found;
    }

    private Collection<DN> groupsOf(DN group) throws UnusableException, LDAPException, DirectoryException {
        List<? extends Entry> entries = search(group.toString(), SearchScope.BASE, Filter.createPresenceFilter("objectClass"), settings.attribute());
        return entries.isEmpty() ? List.of() : named(entries.getFirst());
    }

    private Set<DN> named(Entry entry) throws UnusableException {
        Set<DN> groups = new LinkedHashSet<>();
        String range = settings.attribute().toLowerCase(Locale.ROOT) + ";range=";
        for (Attribute attribute : entry.getAttributes()) {
            // Active Directory gives a part of very many
            if (attribute.getName().toLowerCase(Locale.ROOT).startsWith(range)) {
                throw tooMany();
            }
        }
        String[] values = settings.attribute().isEmpty() ? null : entry.getAttributeValues(settings.attribute());
        for (String value : values == null ? new String[0] : values) {
            dn(value).ifPresent(groups::add);
        }
        return groups;
    }

    private Map<DN, String> bySearch(Entry person, FilterTemplate template) throws UnusableException, LDAPException, DirectoryException {
        Map<DN, String> found = new LinkedHashMap<>();
        List<String> members = settings.member().isEmpty()
                ? List.of(person.getDN())
                : Texts.only(person, settings.member()).map(List::of).orElse(List.of());
        for (int depth = 0; depth <= settings.depth() && !members.isEmpty(); depth++) {
            List<String> next = new ArrayList<>();
            for (int from = 0; from < members.size(); from += AT_ONCE) {
                List<Filter> each = members.subList(from, Math.min(members.size(), from + AT_ONCE)).stream()
                        .map(template::with)
                        .toList();
                Filter any = each.size() == 1 ? each.getFirst() : Filter.createORFilter(each);
                for (Entry group : search(String.valueOf(settings.base()), SearchScope.SUB, any, settings.nameAttribute())) {
                    DN dn = dn(group.getDN()).orElse(null);
                    if (dn != null && found.putIfAbsent(dn, nameOf(dn, group)) == null) {
                        next.add(group.getDN());
                    }
                }
                checkCount(found);
            }
            members = next;
        }
        return found;
    }

    private List<? extends Entry> search(String base, SearchScope scope, Filter filter, String attribute)
            throws UnusableException, LDAPException, DirectoryException {
        SearchRequest request = new SearchRequest(
                base, scope, DereferencePolicy.NEVER, settings.most() + 1, seconds, false, filter, attribute);
        try {
            return connections.call(connection -> connection.search(request)).getSearchEntries();
        } catch (LDAPSearchException e) {
            if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
                throw tooMany();
            }
            if (scope.equals(SearchScope.BASE) && e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
                // gone, or not to be seen
                return List.of();
            }
            throw e;
        }
    }

    private void checkCount(Map<DN, String> found) throws UnusableException {
        if (found.size() > settings.most()) {
            throw tooMany();
        }
    }

    private static UnusableException tooMany() {
        return new UnusableException("the entry is in more groups than 'max_groups'");
    }

    /** Empty: it has none here. */
    private String nameOf(DN dn) {
        String given = settings.names().get(dn);
        if (given != null) {
            return given;
        }
        RDN last = dn.getRDN();
        boolean counts = isBelowBase(dn)
                && last != null
                && !last.isMultiValued()
                && last.getAttributeNames()[0].equalsIgnoreCase(settings.nameAttribute());
        return counts ? last.getAttributeValues()[0] : "";
    }

    private String nameOf(DN dn, Entry group) {
        String given = settings.names().get(dn);
        if (given != null) {
            return given;
        }
        return isBelowBase(dn) ? Texts.only(group, settings.nameAttribute()).orElseGet(() -> nameOf(dn)) : "";
    }

    private boolean isBelowBase(DN dn) {
        DN base = settings.base();
        return base != null && dn.isDescendantOf(base, false);
    }

    private static Optional<DN> dn(String text) {
        try {
            DN dn = new DN(text);
            return dn.isNullDN() ? Optional.empty() : Optional.of(dn);
        } catch (LDAPException e) {
            return Optional.empty();
        }
    }
}
