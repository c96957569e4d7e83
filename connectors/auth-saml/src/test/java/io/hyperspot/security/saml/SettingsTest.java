// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators configure, and what they are told. */
class SettingsTest {
    private static final TestKey WEAK = TestKey.rsa(1024);
    private final Fixture.SetClock clock = new Fixture.SetClock();

    @TempDir
    Path folder;

    private SamlRedirectWorker worker(Map<String, Object> settings) {
        return Fixture.worker(settings, ConfiguredSecrets.literal(), 10, clock);
    }

    private static Arguments wrong(String why, Object... settings) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        return Arguments.of(map, why);
    }

    static Stream<Arguments> mistakes() {
        String[] none = {};
        return Stream.of(
                wrong("'idp_entity_id' must be set", "idp_entity_id", " "),
                wrong("'sp_entity_id' must be", "sp_entity_id", ""),
                wrong("'sp_entity_id' must be", "sp_entity_id", "two words"),
                wrong("'sso_url' must be an https URL", "sso_url", "http://idp.example/sso"),
                wrong("'sso_url' must be a URL with a host", "sso_url", "https://user:pw@idp.example/sso"),
                wrong("'sso_url' must be a URL with a host", "sso_url", ""),
                wrong("'sso_url' must be an https URL", "sso_url", "javascript://idp.example/%0aalert(1)"),
                wrong("one to 8 certificates", "certificates", none),
                wrong("certificates as PEM", "certificates", new String[] {"x"}),
                wrong("cannot be read", "certificates", new String[] {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}),
                wrong("a key that is too weak", "certificates", new String[] {WEAK.pem()}),
                wrong("one of 'tenant' and 'tenant_attribute'", "tenant", ""),
                wrong("one of 'tenant' and 'tenant_attribute'", "tenant", Fixture.TENANT, "tenant_attribute", "org"),
                wrong("'tenant' must be a UUID", "tenant", "1-1-1-1-1"),
                wrong("'tenants' must list", "tenant_attribute", "org"),
                wrong("'tenants' must list", "tenants", new String[] {Fixture.TENANT}),
                wrong("'tenants' must be a UUID", "tenant_attribute", "org", "tenants", new String[] {"acme=x"}),
                wrong("the root tenant", "tenant_attribute", "org", "tenants", new String[] {"a=00000000-0000-7000-8000-000000000001"}),
                wrong("each value once", "tenant_attribute", "org", "tenants", new String[] {"a=" + Fixture.TENANT, "a =" + Fixture.TENANT}),
                wrong("'groups' must hold", "groups", new String[] {"=x"}),
                wrong("'signing_key' must be", "signing_key", "hush-hush"),
                wrong("'signing_key' must be", "signing_key", WEAK.secretPem()),
                wrong("stands instead of", "metadata_file", "x.xml", "idp_entity_id", "https://idp.example"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void tellsOperatorsWhatIsWrong(Map<String, Object> settings, String why) {
        SamlRedirectWorker worker = worker(settings);
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason())
                .contains(why, "modules.auth-saml.instances.acme")
                .doesNotContain("hush-hush", "pw@");
        assertThatThrownBy(() -> worker.depart(Fixture.CALLBACK, "s")).isInstanceOfSatisfying(
                ProblemException.class, e -> assertThat(e.code()).isEqualTo("LOGIN_NOT_CONFIGURED"));
        assertThat(worker.complete(Fixture.CALLBACK, Map.of("request", "_a", "begun", "0"), Map.of())).isInstanceOf(Refused.class);
    }

    @Test
    void isWellWithARightConfiguration() {
        assertThat(worker(Map.of()).health().state()).isEqualTo(State.UP);
        assertThat(worker(Map.of()).name()).isEqualTo("auth-saml-acme");
        assertThat(worker(Map.of("sso_url", "http://127.0.0.1:8080/sso")).health().state()).isEqualTo(State.UP);
    }

    @Test
    void tellsThatTheCertificateHasEnded() {
        TestKey ending = TestKey.rsa(2048, Instant.parse("2026-06-02T00:00:00Z"));
        SamlRedirectWorker worker = worker(Map.of("certificates", new String[] {ending.pem()}));
        assertThat(worker.health().state()).isEqualTo(State.UP);
        clock.forward(Duration.ofDays(1));
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).contains("its certificate has ended; it is used still");
        Departure departure = worker.depart(Fixture.CALLBACK, "s");
        TestIdp idp = new TestIdp(Fixture.requestId(departure), Fixture.CALLBACK.toString(), clock.instant());
        assertThat(worker.complete(
                        Fixture.CALLBACK,
                        departure.memory(),
                        Map.of("SAMLResponse", TestIdp.form(TestIdp.text(idp.signedAssertion(ending))))))
                .isInstanceOf(Recognized.class);
    }

    @Test
    void readsTheSigningKeyWhenItIsNeeded() {
        String[] value = {null};
        ConfiguredSecrets store = configured -> new ConfiguredSecret(configured.isEmpty() ? "" : "saml-key", () -> {
            if (value[0] == null) {
                throw new ProblemException(ErrorCategory.UNAVAILABLE, "SECRET_UNAVAILABLE", "the store is away");
            }
            return value[0];
        });
        SamlRedirectWorker worker = Fixture.worker(Map.of("signing_key", "${secret:saml-key}"), store, 10, clock);
        assertThatThrownBy(() -> worker.depart(Fixture.CALLBACK, "s"))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE));
        value[0] = "hush-hush";
        assertThatThrownBy(() -> worker.depart(Fixture.CALLBACK, "s"))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.code()).isEqualTo("LOGIN_NOT_CONFIGURED"))
                .hasMessageNotContaining("hush-hush");
        value[0] = Fixture.EC.secretPem();
        assertThat(worker.depart(Fixture.CALLBACK, "s").location().getRawQuery()).contains("&Signature=");
    }

    private static String descriptor(String attributes, String content) {
        return "<?xml version=\"1.0\"?>\n<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\""
                + " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"" + TestIdp.ENTITY_ID + "\">"
                + "<md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"" + attributes + ">"
                + content + "</md:IDPSSODescriptor></md:EntityDescriptor>";
    }

    private static String key(String use, TestKey key) {
        return "<md:KeyDescriptor" + use + "><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n" + key.base64()
                + "\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>";
    }

    private static String page(String binding, String location) {
        return "<md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:" + binding + "\" Location=\"" + location + "\"/>";
    }

    private SamlRedirectWorker ofFile(String xml) throws Exception {
        Path file = folder.resolve("idp.xml");
        Files.writeString(file, xml);
        return worker(Map.of("metadata_file", file.toString()));
    }

    @Test
    void readsMetadata() throws Exception {
        SamlRedirectWorker worker = ofFile(descriptor(
                "",
                key(" use=\"signing\"", Fixture.RSA) + key("", Fixture.EC) + key(" use=\"encryption\"", Fixture.STRANGER)
                        + page("HTTP-POST", "https://idp.example/post") + page("HTTP-Redirect", "https://idp.example/redirect?a=1")));
        assertThat(worker.health().reason()).isEmpty();
        Departure departure = worker.depart(Fixture.CALLBACK, "s");
        assertThat(departure.location().toString()).startsWith("https://idp.example/redirect?a=1&SAMLRequest=");
        for (TestKey key : new TestKey[] {Fixture.RSA, Fixture.EC, Fixture.STRANGER}) {
            TestIdp idp = new TestIdp(Fixture.requestId(departure), Fixture.CALLBACK.toString(), clock.instant());
            assertThat(worker.complete(
                            Fixture.CALLBACK,
                            departure.memory(),
                            Map.of("SAMLResponse", TestIdp.form(TestIdp.text(idp.signedAssertion(key))))))
                    .isInstanceOf(key.equals(Fixture.STRANGER) ? Refused.class : Recognized.class);
        }
    }

    @Test
    void tellsWhatIsWrongWithMetadata() throws Exception {
        String good = key("", Fixture.RSA) + page("HTTP-Redirect", "https://idp.example/sso");
        Map<String, String> mistakes = new HashMap<>();
        mistakes.put("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + descriptor("", good).replaceFirst("<\\?.*\\?>\n", ""), "no XML without a DOCTYPE");
        mistakes.put("<a/>", "must be one EntityDescriptor");
        mistakes.put(descriptor("", good).replace("IDPSSODescriptor", "SPSSODescriptor"), "must have one IDPSSODescriptor");
        mistakes.put(descriptor("", key("", Fixture.RSA)), "no SingleSignOnService with HTTP-Redirect");
        mistakes.put(descriptor("", key("", Fixture.RSA) + page("HTTP-Redirect", "http://idp.example/sso")), "must be an https URL");
        mistakes.put(descriptor("", page("HTTP-Redirect", "https://idp.example/sso")), "certificates for signatures");
        mistakes.put(descriptor("", key("", WEAK) + page("HTTP-Redirect", "https://idp.example/sso")), "too weak");
        mistakes.put(descriptor(" WantAuthnRequestsSigned=\"true\"", good), "'signing_key' must be set");
        mistakes.put(descriptor("", good) + " ".repeat(1 << 20), "too long");
        for (Map.Entry<String, String> each : mistakes.entrySet()) {
            assertThat(ofFile(each.getKey()).health().reason()).contains(each.getValue());
        }
        assertThat(worker(Map.of("metadata_file", folder.resolve("none.xml").toString())).health().reason()).contains("cannot be read");
        assertThat(worker(Map.of("metadata_file", "\0")).health().state()).isEqualTo(State.DEGRADED);
    }
}
