// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.saml.Assertion.NameId;
import io.hyperspot.security.spi.Identity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes an identity of a verified assertion. Immutable. */
final class AssertedIdentity {
    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_GROUP = 255;
    private static final int MOST_GROUPS = 1000;

    private final SamlSettings settings;

    AssertedIdentity(SamlSettings settings) {
        this.settings = settings;
    }

    Identity of(Assertion assertion) throws AnswerException {
        String subject = settings.subjectAttribute().isEmpty()
                ? persistent(assertion.nameId())
                : single(assertion.values(settings.subjectAttribute())).orElse("");
        if (subject.isEmpty() || subject.length() > LONGEST_SUBJECT || !isPrintable(subject)) {
            throw AnswerException.told("the identity provider does not say who this account is in the way that is configured");
        }
        return new Identity(
                "saml:" + settings.name() + ":" + subject,
                name(assertion).orElse(subject),
                tenant(assertion),
                groups(assertion),
                List.of(Permission.ALL));
    }

    /** SAML Core, 8.3.7: it means somebody only together with both qualifiers. */
    private String persistent(@Nullable NameId id) {
        if (id == null
                || !Names.PERSISTENT.equals(id.format())
                || !isNullOr(id.qualifier(), settings.provider().entityId())
                || !isNullOr(id.spQualifier(), settings.spEntityId())) {
            return "";
        }
        return id.value();
    }

    private static boolean isNullOr(@Nullable String given, String expected) {
        return given == null || given.equals(expected);
    }

    private static Optional<String> single(List<String> values) {
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private TenantId tenant(Assertion assertion) throws AnswerException {
        TenantId fixed = settings.tenant();
        if (fixed != null) {
            return fixed;
        }
        return single(assertion.values(settings.tenantAttribute()))
                .map(settings.tenants()::get)
                .orElseThrow(() -> AnswerException.told("the identity provider names no tenant for this account"));
    }

    private Optional<String> name(Assertion assertion) {
        return assertion.values(settings.nameAttribute()).stream()
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST_NAME && isPrintable(text))
                .findFirst();
    }

    /** Too many are refused: nobody could tell which ones were left out. */
    private List<String> groups(Assertion assertion) throws AnswerException {
        List<String> groups = assertion.values(settings.groupsAttribute()).stream()
                .map(value -> settings.groups().isEmpty() ? value : settings.groups().getOrDefault(value, ""))
                .filter(group -> !group.isEmpty() && group.length() <= LONGEST_GROUP && isPrintable(group))
                .map(group -> settings.groupsPrefix() + group)
                .distinct()
                .toList();
        if (groups.size() > MOST_GROUPS) {
            throw AnswerException.told("the identity provider says more groups of this account than are taken");
        }
        return groups;
    }

    private static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        });
    }
}
