// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Refused;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/** XML that is an attack by itself. */
class ParserAttackTest {
    private Fixture fixture;
    private String good;

    @BeforeEach
    void start() {
        fixture = new Fixture();
        good = TestIdp.text(fixture.idp().signedBoth(Fixture.RSA));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    @DisplayName("XXE: no entity is resolved and nothing is fetched (CWE-611)")
    void readsNothingElse() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            String base = "http://127.0.0.1:" + server.getAddress().getPort();
            for (String prolog : List.of(
                    "<!DOCTYPE r [<!ENTITY x SYSTEM \"" + base + "/x\">]>",
                    "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
                    "<!DOCTYPE r SYSTEM \"" + base + "/r.dtd\">",
                    "<!DOCTYPE r [<!ENTITY % x SYSTEM \"" + base + "/x\"> %x;]>",
                    "<!DOCTYPE r>")) {
                fixture.assertRefused(prolog + good.replace("8f3a", "&x;"), "no XML without a DOCTYPE");
                fixture.assertRefused(prolog + good, "no XML without a DOCTYPE");
            }
            fixture.assertRefused(
                    "<?xml-stylesheet href=\"" + base + "/x.xsl\"?>" + good, "something beside the document's element");
            fixture.assertRefused(
                    good.replace("<samlp:Status>", "<samlp:Extensions><i:include xmlns:i=\"http://www.w3.org/2001/XInclude\" href=\""
                            + base + "/x\"/></samlp:Extensions><samlp:Status>"),
                    "was refused");
            fixture.assertRefused(
                    good.replace("<samlp:Response ", "<samlp:Response xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                            + " xsi:schemaLocation=\"urn:x " + base + "/x.xsd\" "),
                    "was refused");
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    @DisplayName("billion laughs and quadratic blow-up (CWE-776) end at the DOCTYPE")
    void expandsNothing() {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE r [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            bomb.append("<!ENTITY a").append(i).append(" \"").append(("&a" + (i - 1) + ";").repeat(10)).append("\">");
        }
        bomb.append("]>").append(good.replace("8f3a", "&a29;"));
        long begun = System.nanoTime();
        fixture.assertRefused(bomb.toString(), "no XML without a DOCTYPE");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("depth, attributes and length are bounded (CWE-400)")
    void isBounded() {
        String deep = "<x>".repeat(100) + "</x>".repeat(100);
        StringBuilder wide = new StringBuilder("<x");
        for (int i = 0; i < 100; i++) {
            wide.append(" a").append(i).append("=''");
        }
        for (String extension : List.of(deep, wide.append("/>").toString())) {
            fixture.assertRefused(
                    good.replace("<samlp:Status>", "<samlp:Extensions>" + extension + "</samlp:Extensions><samlp:Status>"),
                    "no XML without a DOCTYPE");
        }
        fixture.assertRefused(good + " ".repeat(140_000), "longer than max_response_bytes");
        fixture.assertRefused(good + " ".repeat(1_000_000), "longer than max_response_bytes");
        Recognition spaces = fixture.worker.complete(
                Fixture.CALLBACK, fixture.memory(), Map.of("SAMLResponse", TestIdp.form(good) + " ".repeat(500_000)));
        assertThat(spaces).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8f3a<!---->admin", "8f3a<?x y?>admin", "8f3<![CDATA[a]]>"})
    @DisplayName("a comment cuts no text (CVE-2017-11427, CVE-2018-0489): refused although the signature does not see it")
    void refusesCommentsAndTheirLike(String text) {
        TestIdp idp = fixture.idp();
        String signed = TestIdp.text(idp.signedAssertion(Fixture.RSA));
        fixture.assertRefused(signed.replace("8f3a", text), "there is a comment, a processing instruction or a CDATA section");
    }

    @Test
    @DisplayName("who is admin@example.com<!---->.evil.example at the provider is not admin@example.com here (CVE-2017-11427)")
    void takesTheWholeText() {
        TestIdp idp = fixture.idp();
        idp.nameId = idp.nameId.replace("8f3a", "admin@example.com.evil.example");
        Document document = idp.signedAssertion(Fixture.RSA);
        assertThat(fixture.recognized(document).subject()).isEqualTo("saml:acme:admin@example.com.evil.example");
        Node name = document.getElementsByTagNameNS(Names.ASSERTION, "NameID").item(0);
        name.setTextContent("");
        name.appendChild(document.createTextNode("admin@example.com"));
        name.appendChild(document.createComment(""));
        name.appendChild(document.createTextNode(".evil.example"));
        fixture.assertRefused(document, "there is a comment");
    }

    @Test
    void refusesElementsInATextThatIsRead() {
        TestIdp idp = fixture.idp();
        idp.nameId = idp.nameId.replace("8f3a", "8f3a<x/>admin");
        fixture.assertRefused(idp.signedAssertion(Fixture.RSA), "an element where a text should be");
    }

    @Test
    @DisplayName("bytes have one reading: UTF-8, whatever the declaration says (parser differentials, CVE-2025-25291)")
    void readsUtf8() {
        for (byte[] bytes : List.of(
                ("\ufeff" + good).getBytes(StandardCharsets.UTF_16),
                ("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + good).getBytes(StandardCharsets.UTF_16BE),
                good.replace("8f3a", "\u00e9").getBytes(StandardCharsets.ISO_8859_1),
                ("<?xml version=\"1.1\"?>" + good).getBytes(StandardCharsets.UTF_8))) {
            assertThat(fixture.worker.complete(
                            Fixture.CALLBACK, fixture.memory(), Map.of("SAMLResponse", Base64.getEncoder().encodeToString(bytes))))
                    .isEqualTo(new Refused(Fixture.NOT_ACCEPTED));
        }
        fixture.assertRefused("<?xml version=\"1.1\"?>" + good, "not XML 1.0");
    }

    @Test
    void refusesWhatIsBesideTheDocument() {
        fixture.assertRefused("<!-- -->" + good, "something beside");
        fixture.assertRefused(good + "<?x y?>", "something beside");
        fixture.assertRefused(good + good, "no XML without");
        fixture.assertRefused("text" + good, "no XML without");
    }

    @Test
    @DisplayName("namespaces decide, not prefixes: elements of other namespaces are not SAML")
    void readsNamespaces() {
        TestIdp idp = fixture.idp();
        fixture.assertRefused(
                TestIdp.text(idp.signedAssertion(Fixture.RSA)).replace(Names.PROTOCOL, "urn:other"), "no response of SAML 2.0");
        fixture.assertRefused(
                TestIdp.text(fixture.idp().signedAssertion(Fixture.RSA)).replace(Names.ASSERTION, "urn:other"), "was refused");
        String plain = good.replace("xmlns:ds=", "xmlns:other=").replace("ds:", "other:");
        // signed with another prefix: changed
        fixture.assertRefused(plain, "was refused");
    }
}
