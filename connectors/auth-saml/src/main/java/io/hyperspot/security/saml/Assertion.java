// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * A verified assertion (SAML Core, 2.3.3), as far as a login needs it.
 *
 * @param nameId or null
 * @param audiences one set for each restriction: all must be met
 * @param sessionEnd or null: the provider does not limit it
 * @param authnContext how the person logged in, or empty
 */
record Assertion(
        String id,
        String issuer,
        Instant issuedAt,
        @Nullable NameId nameId,
        List<Confirmation> confirmations,
        @Nullable Instant notBefore,
        @Nullable Instant notOnOrAfter,
        List<List<String>> audiences,
        Instant authenticatedAt,
        @Nullable Instant sessionEnd,
        String authnContext,
        Map<String, List<String>> attributes) {

    /** By what the provider knows the person. */
    record NameId(String value, @Nullable String format, @Nullable String qualifier, @Nullable String spQualifier) {
        static NameId of(Element element) throws AnswerException {
            return new NameId(
                    Xml.text(element),
                    Xml.attribute(element, "Format"),
                    Xml.attribute(element, "NameQualifier"),
                    Xml.attribute(element, "SPNameQualifier"));
        }

        @Override
        public String toString() {
            return "NameId[***]";
        }
    }

    /** To whom, for what and until when the assertion may be given. */
    record Confirmation(
            boolean bearer,
            @Nullable String recipient,
            @Nullable String inResponseTo,
            boolean hasStart,
            @Nullable Instant notOnOrAfter) {
        static Confirmation of(Element element) throws AnswerException {
            boolean bearer = Names.BEARER.equals(Xml.attribute(element, "Method"));
            Children parts = Children.of(element);
            checkNotEncrypted(parts);
            parts.optional(Names.ASSERTION, "NameID");
            Element data = parts.optional(Names.ASSERTION, "SubjectConfirmationData");
            return data == null
                    ? new Confirmation(bearer, null, null, false, null)
                    : new Confirmation(
                            bearer,
                            Xml.attribute(data, "Recipient"),
                            Xml.attribute(data, "InResponseTo"),
                            Xml.attribute(data, "NotBefore") != null,
                            Times.optional(data, "NotOnOrAfter"));
        }
    }

    static Assertion of(Element element) throws AnswerException {
        String id = Xml.attribute(element, "ID");
        if (id == null || id.isEmpty() || !"2.0".equals(Xml.attribute(element, "Version"))) {
            throw AnswerException.because("it is no assertion of SAML 2.0");
        }
        Children parts = Children.of(element);
        String issuer = Xml.text(parts.required(Names.ASSERTION, "Issuer"));
        parts.optional(Names.SIGNATURE, "Signature");

        Children subject = Children.of(parts.required(Names.ASSERTION, "Subject"));
        checkNotEncrypted(subject);
        Element nameId = subject.optional(Names.ASSERTION, "NameID");
        List<Confirmation> confirmations = new ArrayList<>();
        for (Element each : subject.all(Names.ASSERTION, "SubjectConfirmation")) {
            confirmations.add(Confirmation.of(each));
        }
        subject.end();

        Element conditions = parts.required(Names.ASSERTION, "Conditions");
        List<List<String>> audiences = audiences(conditions);
        parts.optional(Names.ASSERTION, "Advice");

        List<Element> logins = new ArrayList<>();
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (Element statement : parts.rest()) {
            if (Xml.is(statement, Names.ASSERTION, "AuthnStatement")) {
                logins.add(statement);
            } else if (Xml.is(statement, Names.ASSERTION, "AttributeStatement")) {
                addAttributes(statement, attributes);
            } else {
                throw AnswerException.because("the assertion has a statement that is not known");
            }
        }
        if (logins.size() != 1) {
            throw AnswerException.because("the assertion does not have one statement of a login");
        }
        Element login = logins.getFirst();
        return new Assertion(
                id,
                issuer,
                Times.required(element, "IssueInstant"),
                nameId == null ? null : NameId.of(nameId),
                List.copyOf(confirmations),
                Times.optional(conditions, "NotBefore"),
                Times.optional(conditions, "NotOnOrAfter"),
                audiences,
                Times.required(login, "AuthnInstant"),
                Times.optional(login, "SessionNotOnOrAfter"),
                authnContext(login),
                attributes);
    }

    private static void checkNotEncrypted(Children parts) throws AnswerException {
        if (parts.nextIs(Names.ASSERTION, "EncryptedID")) {
            throw AnswerException.because("the subject is encrypted, which is not supported: turn that off at the identity provider");
        }
    }

    /** A condition that is not understood makes an assertion unusable (2.5.1.1). */
    private static List<List<String>> audiences(Element conditions) throws AnswerException {
        List<List<String>> audiences = new ArrayList<>();
        for (Element condition : Children.of(conditions).rest()) {
            if (Xml.is(condition, Names.ASSERTION, "AudienceRestriction")) {
                Children parts = Children.of(condition);
                List<String> names = new ArrayList<>();
                for (Element audience : parts.all(Names.ASSERTION, "Audience")) {
                    names.add(Xml.text(audience));
                }
                parts.end();
                audiences.add(List.copyOf(names));
            } else if (!Xml.is(condition, Names.ASSERTION, "OneTimeUse")
                    && !Xml.is(condition, Names.ASSERTION, "ProxyRestriction")) {
                throw AnswerException.because("the assertion has a condition that is not known");
            }
        }
        return List.copyOf(audiences);
    }

    private static void addAttributes(Element statement, Map<String, List<String>> attributes) throws AnswerException {
        for (Element attribute : Children.of(statement).rest()) {
            String name = Xml.attribute(attribute, "Name");
            if (!Xml.is(attribute, Names.ASSERTION, "Attribute") || name == null) {
                throw AnswerException.because("an attribute is encrypted, which is not supported, or has no name");
            }
            List<String> values = attributes.computeIfAbsent(name, _ -> new ArrayList<>());
            for (Element value : Children.of(attribute).rest()) {
                // values of other kinds are not for this server
                if (Xml.is(value, Names.ASSERTION, "AttributeValue") && isText(value)) {
                    values.add(Xml.text(value));
                }
            }
        }
    }

    private static boolean isText(Element value) {
        for (Node child = value.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() != Node.TEXT_NODE) {
                return false;
            }
        }
        return true;
    }

    private static String authnContext(Element login) throws AnswerException {
        Children parts = Children.of(login);
        parts.optional(Names.ASSERTION, "SubjectLocality");
        Element reference = Children.of(parts.required(Names.ASSERTION, "AuthnContext"))
                .optional(Names.ASSERTION, "AuthnContextClassRef");
        return reference == null ? "" : Xml.text(reference);
    }

    /** Of the attribute, or none. */
    List<String> values(String attribute) {
        return attributes.getOrDefault(attribute, List.of());
    }

    @Override
    public String toString() {
        return "Assertion[***]";
    }
}
