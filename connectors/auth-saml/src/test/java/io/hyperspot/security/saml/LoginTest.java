// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.Permission;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.xml.crypto.dsig.DigestMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class LoginTest {
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private void restart(Map<String, Object> settings) {
        fixture.close();
        fixture = new Fixture(settings);
    }

    @Test
    @DisplayName("leaves by HTTP-Redirect with a deflated AuthnRequest and the state as RelayState (SAML Bindings 3.4.4.1)")
    void sendsTheBrowserToTheProvider() {
        Departure departure = fixture.departure;
        assertThat(departure.location().toString()).startsWith("https://idp.example/sso?SAMLRequest=");
        assertThat(Fixture.query(departure.location())).containsEntry("RelayState", "state-1").doesNotContainKey("Signature");
        Element request = TestIdp.parsed(Fixture.request(departure)).getDocumentElement();
        assertThat(request.getLocalName()).isEqualTo("AuthnRequest");
        assertThat(request.getNamespaceURI()).isEqualTo("urn:oasis:names:tc:SAML:2.0:protocol");
        assertThat(request.getAttribute("ID")).matches("_[0-9a-f]{40}");
        assertThat(request.getAttribute("Version")).isEqualTo("2.0");
        assertThat(request.getAttribute("IssueInstant")).isEqualTo("2026-06-01T10:00:00Z");
        assertThat(request.getAttribute("Destination")).isEqualTo("https://idp.example/sso");
        assertThat(request.getAttribute("AssertionConsumerServiceURL")).isEqualTo(Fixture.CALLBACK.toString());
        assertThat(request.getAttribute("ProtocolBinding")).isEqualTo("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST");
        assertThat(request.hasAttribute("ForceAuthn")).isFalse();
        assertThat(request.getFirstChild().getTextContent()).isEqualTo(Fixture.SP);
        assertThat(Fixture.request(departure)).contains("nameid-format:persistent\" AllowCreate=\"true\"");
        assertThat(Fixture.requestId(fixture.worker.depart(Fixture.CALLBACK, "s"))).isNotEqualTo(request.getAttribute("ID"));
        assertThat(departure.toString()).doesNotContain(request.getAttribute("ID"));
        assertThat(fixture.worker.provider()).isEqualTo("acme");
    }

    @Test
    void asksForWhatIsConfigured() {
        restart(Map.of(
                "sso_url", "https://idp.example/sso?realm=a&x=1",
                "subject_attribute", "uid",
                "force_authn", true,
                "authn_contexts", new String[] {"https://refeds.org/profile/mfa"}));
        assertThat(fixture.departure.location().toString()).startsWith("https://idp.example/sso?realm=a&x=1&SAMLRequest=");
        assertThat(Fixture.request(fixture.departure))
                .contains("ForceAuthn=\"true\"", "Destination=\"https://idp.example/sso?realm=a&amp;x=1\"")
                .contains("<saml:AuthnContextClassRef>https://refeds.org/profile/mfa</saml:AuthnContextClassRef>")
                .doesNotContain("NameIDPolicy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    @DisplayName("signs the query's octets in the order of the standard (SAML Bindings 3.4.4.1)")
    void signsRequests(String family) throws Exception {
        TestKey key = family.equals("RSA") ? Fixture.RSA : Fixture.EC;
        restart(Map.of("signing_key", key.secretPem()));
        String query = fixture.departure.location().getRawQuery();
        int end = query.indexOf("&Signature=");
        assertThat(query).matches("SAMLRequest=[^&]+&RelayState=state-1&SigAlg=[^&]+&Signature=[^&]+");
        Signature signature = Signature.getInstance(family.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
        signature.initVerify(key.certificate());
        signature.update(query.substring(0, end).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getDecoder().decode(
                        Fixture.query(fixture.departure.location()).get("Signature"))))
                .isTrue();
        assertThat(Fixture.query(fixture.departure.location()).get("SigAlg"))
                .isEqualTo(family.equals("RSA") ? TestIdp.RSA_SHA256 : TestIdp.ECDSA_SHA256);
    }

    @Test
    void recognisesWhoComesBack() {
        TestIdp idp = fixture.idp();
        idp.attributes = TestIdp.attribute("displayName", "Ada Lovelace");
        assertThat(fixture.complete(idp.signedAssertion(Fixture.RSA)))
                .isEqualTo(new Recognized(
                        new Identity(
                                "saml:acme:8f3a",
                                "Ada Lovelace",
                                io.hyperspot.security.TenantId.of(Fixture.TENANT),
                                List.of(),
                                List.of(Permission.ALL)),
                        Instant.MAX));
        assertThat(fixture.reasons()).isEmpty();
    }

    @Test
    @DisplayName("takes a signature on the assertion, on the response and on both, by RSA and EC (SAML Profiles 4.1.3.5)")
    void takesSignaturesWhereProvidersPutThem() {
        for (TestKey key : List.of(Fixture.RSA, Fixture.EC)) {
            List<Function<TestIdp, Document>> ways =
                    List.of(i -> i.signedAssertion(key), i -> i.signedResponse(key), i -> i.signedBoth(key));
            for (Function<TestIdp, Document> way : ways) {
                assertThat(fixture.recognized(way.apply(fixture.idp())).subject()).isEqualTo("saml:acme:8f3a");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
    })
    void takesStrongerAlgorithms(String algorithm) {
        Document document = fixture.idp().document();
        new TestIdp.Signer(Fixture.RSA)
                .with(s -> s.algorithm = algorithm)
                .with(s -> s.digest = DigestMethod.SHA512)
                .sign(TestIdp.assertionOf(document));
        assertThat(fixture.recognized(document).subject()).isEqualTo("saml:acme:8f3a");
    }

    @Test
    @DisplayName("takes a list of inclusive namespaces whose prefix is declared outside of the assertion (Exclusive C14N 1.0, 2)")
    void takesInclusiveNamespaces() {
        TestIdp idp = fixture.idp();
        Document document = TestIdp.parsed(idp.response(idp.assertion())
                .replace("<samlp:Response ", "<samlp:Response xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "));
        new TestIdp.Signer(Fixture.RSA).with(s -> s.prefixes = List.of("xs")).sign(TestIdp.assertionOf(document));
        new TestIdp.Signer(Fixture.RSA).sign(document.getDocumentElement());
        assertThat(fixture.recognized(document).subject()).isEqualTo("saml:acme:8f3a");
    }

    @Test
    void takesOneOfTwoCertificatesWhileTheKeyChanges() {
        TestKey next = TestKey.rsa(2048);
        restart(Map.of("certificates", new String[] {Fixture.RSA.pem() + next.pem()}));
        assertThat(fixture.recognized(fixture.idp().signedAssertion(Fixture.RSA)).subject()).isNotEmpty();
        assertThat(fixture.recognized(fixture.idp().signedAssertion(next)).subject()).isNotEmpty();
        fixture.assertRefused(fixture.idp().signedAssertion(Fixture.EC), "not by a configured certificate");
    }

    @Test
    void takesWhatIsWrittenWithLineBreaks() {
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + TestIdp.text(fixture.idp().signedResponse(Fixture.RSA));
        String form = Base64.getMimeEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
        assertThat(fixture.worker.complete(Fixture.CALLBACK, fixture.memory(), Map.of("SAMLResponse", form)))
                .isInstanceOf(Recognized.class);
    }

    @Test
    void takesTheTenantOfTheListOnly() {
        restart(Map.of("tenant_attribute", "org", "tenants", new String[] {"ou=acme,dc=example=" + Fixture.TENANT}));
        TestIdp idp = fixture.idp();
        idp.attributes = TestIdp.attribute("org", "ou=acme,dc=example");
        assertThat(fixture.recognized(idp.signedAssertion(Fixture.RSA)).tenant()).hasToString(Fixture.TENANT);
        for (String attributes : List.of(
                "",
                TestIdp.attribute("org", "ou=other,dc=example"),
                TestIdp.attribute("org", Fixture.TENANT),
                TestIdp.attribute("org", "00000000-0000-7000-8000-000000000001"),
                TestIdp.attribute("org", "ou=acme,dc=example", "ou=other"),
                TestIdp.attribute("org", "ou=acme,dc=example") + TestIdp.attribute("org", "ou=acme,dc=example"))) {
            TestIdp other = fixture.idp();
            other.attributes = attributes;
            assertThat(fixture.complete(other.signedAssertion(Fixture.RSA)))
                    .as(attributes)
                    .isEqualTo(new Refused("the identity provider names no tenant for this account"));
        }
    }

    @Test
    void mapsGroups() {
        restart(Map.of(
                "groups_attribute", "memberOf",
                "groups", new String[] {"CN=Admins,OU=IT=admins", "staff=staff"},
                "groups_prefix", "acme-"));
        TestIdp idp = fixture.idp();
        // some providers write one attribute for each value
        idp.attributes = TestIdp.attribute("memberOf", "CN=Admins,OU=IT", "unknown") + TestIdp.attribute("memberOf", "staff", "staff");
        assertThat(fixture.recognized(idp.signedAssertion(Fixture.RSA)).groups()).containsExactly("acme-admins", "acme-staff");
    }

    @Test
    void namesGroupsAsTheProviderDoesWithoutAMapping() {
        restart(Map.of("groups_attribute", "memberOf"));
        TestIdp idp = fixture.idp();
        idp.attributes = TestIdp.attribute("memberOf", "a", " ", "b\u202ec", "d&amp;e");
        assertThat(fixture.recognized(idp.signedAssertion(Fixture.RSA)).groups()).containsExactly("a", "d&e");
        TestIdp many = fixture.idp();
        many.attributes = TestIdp.attribute(
                "memberOf", java.util.stream.IntStream.range(0, 1001).mapToObj(i -> "g" + i).toArray(String[]::new))
                .replaceAll(" xmlns:xs[^>]*", "");
        assertThat(fixture.complete(many.signedAssertion(Fixture.RSA))).isInstanceOf(Refused.class);
    }

    @Test
    void takesTheSubjectOfAnAttribute() {
        restart(Map.of("subject_attribute", "uid"));
        TestIdp idp = fixture.idp();
        idp.nameId = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\">_t</saml:NameID>";
        idp.attributes = TestIdp.attribute("uid", "ada");
        assertThat(fixture.recognized(idp.signedAssertion(Fixture.RSA)))
                .satisfies(identity -> assertThat(identity.subject()).isEqualTo("saml:acme:ada"))
                .satisfies(identity -> assertThat(identity.name()).isEqualTo("ada"));
        idp.attributes = TestIdp.attribute("uid", "ada", "eve");
        assertThat(fixture.complete(idp.signedAssertion(Fixture.RSA))).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\">8f3a</saml:NameID>",
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">a@b.example</saml:NameID>",
        "<saml:NameID>8f3a</saml:NameID>",
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"> </saml:NameID>",
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">a\u202eb</saml:NameID>",
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" NameQualifier=\"https://other.example\">a</saml:NameID>",
        "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" SPNameQualifier=\"https://other.example\">a</saml:NameID>",
        ""
    })
    @DisplayName("takes no name that is not stable, or of somebody else's (SAML Core 8.3.7)")
    void refusesOtherNames(String nameId) {
        TestIdp idp = fixture.idp();
        idp.nameId = nameId;
        assertThat(fixture.complete(idp.signedAssertion(Fixture.RSA)))
                .isEqualTo(new Refused("the identity provider does not say who this account is in the way that is configured"));
    }

    @Test
    @DisplayName("ends the session when the provider says so (SAML Profiles 4.1.4.3)")
    void endsWithTheProvidersSession() {
        TestIdp idp = fixture.idp();
        idp.sessionEnd = "2026-06-01T18:00:00Z";
        Recognition recognition = fixture.complete(idp.signedAssertion(Fixture.RSA));
        assertThat(recognition).isInstanceOfSatisfying(
                Recognized.class, it -> assertThat(it.until()).isEqualTo(Instant.parse("2026-06-01T18:00:00Z")));
        TestIdp over = fixture.idp();
        over.sessionEnd = "2026-06-01T09:58:59Z";
        fixture.assertRefused(over.signedAssertion(Fixture.RSA), "has ended");
    }

    @Test
    @DisplayName("what the provider refuses is told (SAML Core 3.2.2.2), signed or not")
    void tellsWhatTheProviderSays() {
        String responder = "urn:oasis:names:tc:SAML:2.0:status:Responder";
        TestIdp idp = fixture.idp();
        idp.status = "<samlp:StatusCode Value=\"" + responder
                + "\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode>"
                + "<samlp:StatusMessage>ada@acme.example is locked</samlp:StatusMessage>";
        assertThat(fixture.complete(TestIdp.parsed(idp.response(""))))
                .isEqualTo(new Refused("the identity provider, or the person there, refused the login"));
        idp.status = "<samlp:StatusCode Value=\"" + responder + "\"/>";
        assertThat(fixture.complete(TestIdp.parsed(idp.response(""))))
                .isEqualTo(new Refused("the identity provider did not complete the login"));
        // a status that is no success is none, whatever the assertion says
        assertThat(fixture.complete(idp.signedBoth(Fixture.RSA))).isInstanceOf(Refused.class);
        assertThat(fixture.reasons()).doesNotContain("ada");
    }

    @Test
    void asksForARecentLoginWhenOneIsConfigured() {
        restart(Map.of("max_authentication_age_seconds", 3600));
        TestIdp idp = fixture.idp();
        idp.authenticatedAt = fixture.clock.instant().minusSeconds(3660).toString();
        assertThat(fixture.complete(idp.signedAssertion(Fixture.RSA))).isInstanceOf(Recognized.class);
        TestIdp old = fixture.idp();
        old.authenticatedAt = fixture.clock.instant().minusSeconds(3661).toString();
        assertThat(fixture.complete(old.signedAssertion(Fixture.RSA)))
                .isEqualTo(new Refused("the login at the identity provider is too long ago: log out there, and begin the login again"));
    }

    @Test
    @DisplayName("a provider that ignores ForceAuthn is not believed (SAML Core 3.4.1)")
    void insistsOnAFreshLogin() {
        restart(Map.of("force_authn", true));
        TestIdp idp = fixture.idp();
        idp.authenticatedAt = fixture.clock.instant().minusSeconds(61).toString();
        assertThat(fixture.complete(idp.signedAssertion(Fixture.RSA))).isInstanceOf(Refused.class);
        assertThat(fixture.complete(fixture.idp().signedAssertion(Fixture.RSA))).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("a provider that ignores RequestedAuthnContext is not believed (SAML Core 3.3.2.2.1)")
    void insistsOnTheWayOfTheLogin() {
        restart(Map.of("authn_contexts", new String[] {"https://refeds.org/profile/mfa"}));
        assertThat(fixture.complete(fixture.idp().signedAssertion(Fixture.RSA)))
                .isEqualTo(new Refused("the person did not log in at the identity provider in the way that is asked for"));
        TestIdp idp = fixture.idp();
        idp.authnContext = "https://refeds.org/profile/mfa";
        assertThat(fixture.complete(idp.signedAssertion(Fixture.RSA))).isInstanceOf(Recognized.class);
    }

    @Test
    void showsNothingOfAnybody() {
        TestIdp idp = fixture.idp();
        idp.nameId = idp.nameId.replace("8f3a", "ada-secret");
        idp.attributes = TestIdp.attribute("displayName", "Ada Secret");
        idp.recipient = "https://other.example/?who=ada-secret";
        fixture.assertRefused(idp.signedAssertion(Fixture.RSA), "bearer confirmation");
        assertThat(fixture.reasons()).doesNotContainIgnoringCase("secret").doesNotContain(idp.assertionId);
        assertThat(fixture.worker).hasToString("login at identity provider acme");
    }

    @Test
    void refusesWhatIsNoAnswer() {
        for (String form : List.of("", "%%%", "bm90IHhtbA==", TestIdp.form("<a/>"), TestIdp.form(Fixture.request(fixture.departure)))) {
            assertThat(fixture.worker.complete(Fixture.CALLBACK, fixture.memory(), Map.of("SAMLResponse", form)))
                    .isEqualTo(new Refused(Fixture.NOT_ACCEPTED));
        }
        assertThat(fixture.worker.complete(Fixture.CALLBACK, fixture.memory(), Map.of())).isInstanceOf(Refused.class);
        assertThat(fixture.worker.complete(Fixture.CALLBACK, Map.of(), Map.of())).isInstanceOf(Refused.class);
    }

    @Test
    void isOfOneCallback() {
        assertThat(fixture.worker.complete(
                        URI.create("https://other.example/callback"),
                        fixture.memory(),
                        Map.of("SAMLResponse", TestIdp.form(TestIdp.text(fixture.idp().signedAssertion(Fixture.RSA))))))
                .isEqualTo(new Refused(Fixture.NOT_ACCEPTED));
        fixture.clock.forward(Duration.ofSeconds(1));
        assertThat(fixture.complete(fixture.idp().signedAssertion(Fixture.RSA))).isInstanceOf(Recognized.class);
    }
}
