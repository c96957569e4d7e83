// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.spi.Recognition.Recognized;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Well signed answers of the provider that are not the answer to this login (SAML Profiles 4.1.4.2, 4.1.4.3). */
class RulesTest {
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static Arguments rule(String name, Consumer<TestIdp> change, String reason) {
        return Arguments.of(name, change, reason);
    }

    private static String audience(String... names) {
        StringBuilder xml = new StringBuilder("<saml:AudienceRestriction>");
        for (String name : names) {
            xml.append("<saml:Audience>").append(name).append("</saml:Audience>");
        }
        return xml.append("</saml:AudienceRestriction>").toString();
    }

    static Stream<Arguments> rules() {
        String other = "https://other.example";
        return Stream.of(
                rule("another issuer (Core 2.2.5)", i -> i.issuer = "<saml:Issuer>" + other + "</saml:Issuer>", "the assertion is of another issuer"),
                rule("another issuer of the response", i -> i.responseIssuer = "<saml:Issuer>" + other + "</saml:Issuer>", "the response is of another issuer"),
                rule("no issuer of a signed response", i -> i.responseIssuer = "", "was refused"),
                rule("another version (Core 4.1.2)", i -> i.version = "1.1", "no assertion of SAML 2.0"),
                rule("another destination (Bindings 3.5.5.2)", i -> i.destination = other, "for another address"),
                rule("no destination of a signed response (Bindings 3.5.5.2)", i -> i.destination = null, "for another address"),
                rule("another recipient", i -> i.recipient = other, "no bearer confirmation"),
                rule("a recipient that begins alike", i -> i.recipient = Fixture.CALLBACK + "/x", "no bearer confirmation"),
                rule("the answer to another request", i -> i.responseInResponseTo = "_other", "to another request, or to none"),
                rule("an assertion for another request", i -> i.inResponseTo = "_other", "no bearer confirmation"),
                rule("an assertion for no request (unsolicited, 4.1.5)", i -> i.inResponseTo = null, "no bearer confirmation"),
                rule("a confirmation without an end", i -> i.confirmedUntil = null, "no bearer confirmation"),
                rule("a confirmation that has ended", i -> i.confirmedUntil = "2026-06-01T09:59:00Z", "no bearer confirmation"),
                rule("a confirmation that has a start", i -> i.confirmationExtra = " NotBefore=\"2026-06-01T09:00:00Z\"", "no bearer confirmation"),
                rule("another method of confirmation", i -> i.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key", "no bearer confirmation"),
                rule("expired (Core 2.5.1.2)", i -> i.notOnOrAfter = "2026-06-01T09:59:00Z", "has expired"),
                rule("not valid yet (Core 2.5.1.2)", i -> i.notBefore = "2026-06-01T10:01:01Z", "not valid yet"),
                rule("another audience (Core 2.5.1.4)", i -> i.audiences = audience(other), "another audience"),
                rule("an audience that begins alike", i -> i.audiences = audience(Fixture.SP + "/"), "another audience"),
                rule("no audience", i -> i.audiences = "", "another audience"),
                rule("an empty restriction", i -> i.audiences = audience(), "another audience"),
                rule("one of two restrictions met", i -> i.audiences = audience(Fixture.SP) + audience(other), "another audience"),
                rule("a condition that is not known (Core 2.5.1.1)", i -> i.audiences = audience(Fixture.SP) + "<saml:Condition/>", "a condition that is not known"),
                rule("made before the login began", i -> i.issuedAt = "2026-06-01T09:58:59Z", "before the login began"),
                rule("made in the future", i -> i.issuedAt = "2026-06-01T10:01:01Z", "in the future"),
                rule("a response made in the future", i -> i.responseIssuedAt = "2026-06-01T10:01:01Z", "in the future"),
                rule("a login in the future", i -> i.authenticatedAt = "2026-06-01T10:01:01Z", "in the future"),
                rule("a time with a zone (Core 1.3.3)", i -> i.issuedAt = "2026-06-01T12:00:00+02:00", "none in UTC"),
                rule("a time that there is not", i -> i.notOnOrAfter = "2026-13-01T10:00:00Z", "none in UTC"),
                rule("a year that is no year", i -> i.confirmedUntil = "+999999999-01-01T00:00:00Z", "none in UTC"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void refuses(String name, Consumer<TestIdp> change, String reason) {
        TestIdp idp = fixture.idp();
        change.accept(idp);
        fixture.assertRefused(idp.signedBoth(Fixture.RSA), reason);
        assertThat(name).isNotEmpty();
        assertThat(fixture.complete(fixture.idp().signedBoth(Fixture.RSA))).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("an unsolicited response is refused: it would log somebody in as the attacker (login CSRF, Profiles 4.1.5)")
    void refusesUnsolicitedResponses() {
        String without = TestIdp.text(fixture.idp().signedAssertion(Fixture.RSA)).replaceFirst(" InResponseTo=\"[^\"]+\"", "");
        fixture.assertRefused(without, "to another request, or to none");
    }

    @Test
    @DisplayName("what is outside of a signed assertion cannot make it the answer to this login (the envelope is not signed)")
    void doesNotTrustTheEnvelope() {
        TestIdp idp = fixture.idp();
        idp.inResponseTo = "_of-another-login";
        String moved = TestIdp.text(idp.signedAssertion(Fixture.RSA));
        assertThat(moved).contains("InResponseTo=\"" + idp.responseInResponseTo + "\"");
        fixture.assertRefused(moved, "no bearer confirmation");
    }

    @Test
    void leavesOutOfTheEnvelopeWhatTheAssertionSays() {
        TestIdp idp = fixture.idp();
        idp.responseIssuer = "";
        idp.destination = null;
        assertThat(fixture.recognized(idp.signedAssertion(Fixture.RSA)).subject()).isEqualTo("saml:acme:8f3a");
    }

    @Test
    @DisplayName("one of several confirmations and audiences is enough (Core 2.4.1, 2.5.1.4)")
    void takesOneOfSeveral() {
        TestIdp idp = fixture.idp();
        idp.otherConfirmations = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>"
                + "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData"
                + " Recipient=\"https://other.example\" NotOnOrAfter=\"2026-06-01T10:05:00Z\"/></saml:SubjectConfirmation>";
        idp.audiences = audience("https://other.example", Fixture.SP) + "<saml:OneTimeUse/>";
        assertThat(fixture.recognized(idp.signedAssertion(Fixture.RSA)).subject()).isEqualTo("saml:acme:8f3a");
    }

    @Test
    void allowsForClocksThatAreOff() {
        TestIdp ahead = fixture.idp();
        ahead.issuedAt = "2026-06-01T10:01:00Z";
        ahead.responseIssuedAt = ahead.issuedAt;
        ahead.notBefore = ahead.issuedAt;
        ahead.authenticatedAt = ahead.issuedAt;
        assertThat(fixture.complete(ahead.signedAssertion(Fixture.RSA))).isInstanceOf(Recognized.class);
        TestIdp late = fixture.idp();
        fixture.clock.forward(Duration.ofSeconds(359));
        assertThat(fixture.complete(late.signedAssertion(Fixture.RSA))).isInstanceOf(Recognized.class);
        TestIdp tooLate = fixture.idp();
        fixture.clock.forward(Duration.ofMinutes(6));
        fixture.assertRefused(tooLate.signedAssertion(Fixture.RSA), "has expired");
    }

    @Test
    @DisplayName("statements that are not known, none or two of a login are refused (Profiles 4.1.4.2)")
    void wantsOneLogin() {
        String signed = TestIdp.text(fixture.idp().document());
        String login = signed.substring(signed.indexOf("<saml:AuthnStatement"), signed.indexOf("</saml:Assertion>"));
        for (String statements : new String[] {"", login + login, login + "<saml:Statement/>", login + "<saml:AuthzDecisionStatement/>"}) {
            org.w3c.dom.Document document = TestIdp.parsed(signed.replace(login, statements));
            new TestIdp.Signer(Fixture.RSA).sign(TestIdp.assertionOf(document));
            fixture.assertRefused(document, "statement");
        }
    }
}
