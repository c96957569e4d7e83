// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.util.Arrays;

/**
 * A filter with a place for a value. It is parsed before there is a value, which is then put into the
 * parsed form, so that no text of a value can become a part of the filter's structure (RFC 4515, section 3,
 * CWE-90). Immutable.
 */
final class FilterTemplate {
    private static final String PLACE = "{0}";

    private final Filter filter;

    private FilterTemplate(Filter filter) {
        this.filter = filter;
    }

    /**
     * @throws IllegalArgumentException for what is no filter, or has no such place, or has it where a value would be no
     *     plain value
     */
    static FilterTemplate of(String key, String text) {
        Filter parsed;
        try {
            parsed = Filter.create(text.strip());
        } catch (LDAPException e) {
            throw new IllegalArgumentException("'" + key + "' must be a filter such as (uid={0})", e);
        }
        int places = places(key, parsed, false);
        if (places == 0) {
            throw new IllegalArgumentException("'" + key + "' must hold {0}, as in (uid={0})");
        }
        return new FilterTemplate(parsed);
    }

    private static int places(String key, Filter filter, boolean negated) {
        int places = 0;
        for (Filter each : filter.getComponents()) {
            places += places(key, each, negated);
        }
        Filter denied = filter.getNOTComponent();
        if (denied != null) {
            places += places(key, denied, true);
        }
        boolean here = holdsPlace(filter);
        boolean elsewhere = !here
                && filter.getComponents().length == 0
                && denied == null
                && filter.toString().contains(PLACE);
        if (elsewhere || (here && negated)) {
            throw new IllegalArgumentException("in '" + key + "' {0} may stand after = only, without * and not within (!...)");
        }
        return places + (here ? 1 : 0);
    }

    private static boolean holdsPlace(Filter filter) {
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_EQUALITY, Filter.FILTER_TYPE_APPROXIMATE_MATCH, Filter.FILTER_TYPE_EXTENSIBLE_MATCH ->
                String.valueOf(filter.getAssertionValue()).contains(PLACE);
            default -> false;
        };
    }

    /** The filter for this value, whatever is in it. */
    Filter with(String value) {
        return filled(filter, value);
    }

    private static Filter filled(Filter filter, String value) {
        if (holdsPlace(filter)) {
            String filled = String.valueOf(filter.getAssertionValue()).replace(PLACE, value);
            return switch (filter.getFilterType()) {
                case Filter.FILTER_TYPE_APPROXIMATE_MATCH -> Filter.createApproximateMatchFilter(filter.getAttributeName(), filled);
                case Filter.FILTER_TYPE_EXTENSIBLE_MATCH ->
                    Filter.createExtensibleMatchFilter(
                            filter.getAttributeName(), filter.getMatchingRuleID(), filter.getDNAttributes(), filled);
                default -> Filter.createEqualityFilter(filter.getAttributeName(), filled);
            };
        }
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_AND ->
                Filter.createANDFilter(Arrays.stream(filter.getComponents()).map(each -> filled(each, value)).toList());
            case Filter.FILTER_TYPE_OR ->
                Filter.createORFilter(Arrays.stream(filter.getComponents()).map(each -> filled(each, value)).toList());
            default -> filter;
        };
    }

    /** For logs: without any value. */
    @Override
    public String toString() {
        return filter.toString();
    }
}
