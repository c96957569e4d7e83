// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * A Response of the protocol around its one assertion (SAML Core, 3.3.3).
 *
 * @param issuer or null: it may be left out
 * @param inResponseTo or null
 * @param destination or null
 * @param signature of the response, or null
 */
record Envelope(
        Element element,
        Instant issuedAt,
        @Nullable String issuer,
        @Nullable String inResponseTo,
        @Nullable String destination,
        @Nullable Element signature,
        Element assertion) {
    private static final String SUCCESS = Names.STATUS + "Success";

    /** What the identity provider says when it is the person, or their rights. */
    private static final List<String> REFUSALS = List.of(
            Names.STATUS + "AuthnFailed", Names.STATUS + "RequestDenied", Names.STATUS + "NoAuthnContext");

    static Envelope of(Element response) throws AnswerException {
        if (!Xml.is(response, Names.PROTOCOL, "Response") || !"2.0".equals(Xml.attribute(response, "Version"))) {
            throw AnswerException.because("it is no response of SAML 2.0");
        }
        Children parts = Children.of(response);
        Element issuer = parts.optional(Names.ASSERTION, "Issuer");
        Element signature = parts.optional(Names.SIGNATURE, "Signature");
        parts.optional(Names.PROTOCOL, "Extensions");
        checkStatus(parts.required(Names.PROTOCOL, "Status"));
        if (parts.nextIs(Names.ASSERTION, "EncryptedAssertion")) {
            throw AnswerException.because("the assertion is encrypted, which is not supported: turn that off at the identity provider");
        }
        Element assertion = parts.required(Names.ASSERTION, "Assertion");
        parts.end();
        if (Xml.count(response.getOwnerDocument(), Names.ASSERTION, "Assertion") != 1
                || Xml.count(response.getOwnerDocument(), Names.PROTOCOL, "Response") != 1) {
            throw AnswerException.because("there is more than one assertion in it");
        }
        return new Envelope(
                response,
                Times.required(response, "IssueInstant"),
                issuer == null ? null : Xml.text(issuer),
                Xml.attribute(response, "InResponseTo"),
                Xml.attribute(response, "Destination"),
                signature,
                assertion);
    }

    private static void checkStatus(Element status) throws AnswerException {
        Element code = Children.of(status).required(Names.PROTOCOL, "StatusCode");
        if (SUCCESS.equals(Xml.attribute(code, "Value"))) {
            return;
        }
        Element inner = Children.of(code).optional(Names.PROTOCOL, "StatusCode");
        String value = inner == null ? null : Xml.attribute(inner, "Value");
        throw value != null && REFUSALS.contains(value)
                ? AnswerException.told("the identity provider, or the person there, refused the login")
                : AnswerException.told("the identity provider did not complete the login");
    }

    /** Of the assertion, or null. */
    @Nullable Element assertionSignature() throws AnswerException {
        Children parts = Children.of(assertion);
        parts.required(Names.ASSERTION, "Issuer");
        return parts.optional(Names.SIGNATURE, "Signature");
    }
}
