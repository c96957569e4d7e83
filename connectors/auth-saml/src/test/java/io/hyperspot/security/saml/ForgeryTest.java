// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.spec.XPathFilterParameterSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Answers that the provider did not sign, or not as it is read. The good one beside each is taken. */
class ForgeryTest {
    private static final String DSIG = "xmlns:ds=\"" + Names.SIGNATURE + "\"";
    private Fixture fixture;
    private TestIdp idp;

    @BeforeEach
    void start() {
        fixture = new Fixture();
        idp = fixture.idp();
    }

    @AfterEach
    void stop() {
        assertThat(fixture.recognized(fixture.idp().signedAssertion(Fixture.RSA)).subject()).isEqualTo("saml:acme:8f3a");
        fixture.close();
    }

    /** Another Response or Assertion, of somebody else and with an identifier of its own. */
    private static Element evil(Element original, boolean sameId) {
        Element evil = (Element) original.cloneNode(true);
        Element name = (Element) evil.getElementsByTagNameNS(Names.ASSERTION, "NameID").item(0);
        name.setTextContent("admin");
        if (!sameId) {
            evil.setAttribute("ID", "_evil");
        }
        return evil;
    }

    private static Element childSignature(Element element) {
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (Xml.is(child, Names.SIGNATURE, "Signature")) {
                return (Element) child;
            }
        }
        throw new IllegalStateException("not signed");
    }

    private static void removeSignature(Element element) {
        element.removeChild(childSignature(element));
    }

    /** An attack: given a document with its signed element, makes the forged one. */
    record Wrapping(String name, boolean ofResponse, Consumer<Document> attack) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Wrapping ofResponse(String name, boolean sameId, Consumer<Element[]> attack) {
        return new Wrapping(name + (sameId ? ", same ID" : ""), true, document -> {
            Element original = document.getDocumentElement();
            Element evil = evil(original, sameId);
            attack.accept(new Element[] {original, evil, childSignature(evil)});
            if (evil.getParentNode() == null) {
                document.replaceChild(evil, document.getDocumentElement());
            }
        });
    }

    private static Wrapping ofAssertion(String name, boolean sameId, Consumer<Element[]> attack) {
        return new Wrapping(name + (sameId ? ", same ID" : ""), false, document -> {
            Element original = TestIdp.assertionOf(document);
            attack.accept(new Element[] {original, evil(original, sameId), document.getDocumentElement()});
        });
    }

    static Stream<Wrapping> wrappings() {
        return Stream.of(false, true).flatMap(sameId -> Stream.of(
                ofResponse("XSW1: the signed response in the signature of another", sameId, it -> {
                    Element signed = (Element) it[0].cloneNode(true);
                    removeSignature(signed);
                    it[2].appendChild(signed);
                }),
                ofResponse("XSW2: the signed response before the signature of another", sameId, it -> {
                    Element signed = (Element) it[0].cloneNode(true);
                    removeSignature(signed);
                    it[1].insertBefore(signed, it[2]);
                }),
                ofAssertion("XSW3: another assertion before the signed one", sameId, it -> {
                    removeSignature(it[1]);
                    it[2].insertBefore(it[1], it[0]);
                }),
                ofAssertion("XSW4: the signed assertion in another", sameId, it -> {
                    removeSignature(it[1]);
                    it[2].replaceChild(it[1], it[0]);
                    it[1].appendChild(it[0]);
                }),
                ofAssertion("XSW5: the signature in another assertion, the signed one behind it", sameId, it -> {
                    it[2].replaceChild(it[1], it[0]);
                    removeSignature(it[0]);
                    it[2].appendChild(it[0]);
                }),
                ofAssertion("XSW6: the signature in another assertion, the signed one in the signature", sameId, it -> {
                    it[2].replaceChild(it[1], it[0]);
                    removeSignature(it[0]);
                    childSignature(it[1]).appendChild(it[0]);
                }),
                ofAssertion("XSW7: another assertion in the extensions", sameId, it -> {
                    removeSignature(it[1]);
                    Element extensions = it[0].getOwnerDocument().createElementNS(Names.PROTOCOL, "samlp:Extensions");
                    extensions.appendChild(it[1]);
                    it[2].insertBefore(extensions, it[2].getFirstChild().getNextSibling());
                }),
                ofAssertion("XSW8: the signed assertion in an object of the signature of another", sameId, it -> {
                    it[2].replaceChild(it[1], it[0]);
                    removeSignature(it[0]);
                    Element object = it[0].getOwnerDocument().createElementNS(Names.SIGNATURE, "ds:Object");
                    object.appendChild(it[0]);
                    childSignature(it[1]).appendChild(object);
                })));
    }

    /** Who verifies the signature where it is found, and then reads the first assertion, is taken in. */
    private static boolean verifiesCarelessly(Document document, String signedId) throws Exception {
        Element signed = null;
        for (String name : List.of("Response", "Assertion")) {
            var found = document.getElementsByTagNameNS("*", name);
            for (int i = 0; i < found.getLength(); i++) {
                Element each = (Element) found.item(i);
                if (each.getAttribute("ID").equals(signedId)) {
                    signed = each;
                }
            }
        }
        DOMValidateContext context = new DOMValidateContext(
                KeySelector.singletonKeySelector(Fixture.RSA.certificate().getPublicKey()), TestIdp.signatureOf(document));
        context.setProperty("org.jcp.xml.dsig.secureValidation", false);
        context.setIdAttributeNS(Objects.requireNonNull(signed), null, "ID");
        return XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context).validate(context);
    }

    @ParameterizedTest
    @MethodSource("wrappings")
    @DisplayName("XML Signature Wrapping 1 to 8 (Somorovsky et al., \"On Breaking SAML\"; XML Signature Best Practices 2.1.3)")
    void refusesWrappedElements(Wrapping wrapping) throws Exception {
        Document document = wrapping.ofResponse() ? idp.signedResponse(Fixture.RSA) : idp.signedAssertion(Fixture.RSA);
        wrapping.attack().accept(document);
        assertThat(TestIdp.text(document)).contains(">admin<", ">8f3a<");
        // an Object or other element in the signature is a thing that not every verifier takes
        if (!wrapping.name().contains("same ID") && !wrapping.name().matches("XSW[16].*")) {
            assertThat(verifiesCarelessly(
                            TestIdp.parsed(TestIdp.text(document)), wrapping.ofResponse() ? idp.responseId : idp.assertionId))
                    .as("it is an attack")
                    .isTrue();
        }
        fixture.assertRefused(document, "was refused");
    }

    @Test
    @DisplayName("a signature of one element does not cover another that it sits in (CVE-2012-5664 and its kind)")
    void refusesASignatureOfSomethingElse() {
        Document document = idp.document();
        new TestIdp.Signer(Fixture.RSA)
                .with(s -> s.uri = "#" + idp.assertionId)
                .with(s -> s.transforms = List.of(Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE))
                .sign(document.getDocumentElement());
        fixture.assertRefused(document, "of another element than the one that it is in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#xpointer(/)", "http://127.0.0.1:1/evil", "file:///etc/passwd"})
    @DisplayName("a Reference is by the ID of its element, nothing is fetched (SAML Core 5.4.2)")
    void refusesOtherReferences(String uri) {
        Document document = idp.document();
        TestIdp.Signer signer = new TestIdp.Signer(Fixture.RSA);
        boolean local = uri.isEmpty() || uri.startsWith("#");
        signer.with(s -> s.uri = local ? uri : null).sign(document.getDocumentElement());
        if (!local) {
            reference(document).setAttribute("URI", uri);
        }
        fixture.assertRefused(document, "of another element than the one that it is in");
        reference(document).removeAttribute("URI");
        fixture.assertRefused(document, "of another element than the one that it is in");
    }

    private static Element reference(Document document) {
        return (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "Reference").item(0);
    }

    @Test
    @DisplayName("one Reference only (SAML Core 5.4.2)")
    void refusesASecondReference() {
        Document document = idp.document();
        new TestIdp.Signer(Fixture.RSA)
                .with(s -> s.secondUri = "#" + idp.responseId)
                .sign(TestIdp.assertionOf(document));
        fixture.assertRefused(document, "an element where none may be");
    }

    static Stream<Arguments> transforms() throws Exception {
        String enveloped = Transform.ENVELOPED;
        return Stream.of(
                Arguments.of(List.of(enveloped)),
                Arguments.of(List.of(CanonicalizationMethod.EXCLUSIVE)),
                Arguments.of(List.of(CanonicalizationMethod.EXCLUSIVE, enveloped)),
                Arguments.of(List.of(enveloped, CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS)),
                Arguments.of(List.of(enveloped, CanonicalizationMethod.INCLUSIVE)),
                Arguments.of(List.of(enveloped, Transform.XPATH)),
                Arguments.of(List.of(enveloped, Transform.XPATH, CanonicalizationMethod.EXCLUSIVE)));
    }

    @ParameterizedTest
    @MethodSource("transforms")
    @DisplayName("the enveloped signature and exclusive c14n, no transform that cuts or computes (SAML Core 5.4.4; XML Signature Best Practices 2.1.2)")
    void refusesOtherTransforms(List<String> transforms) {
        Document document = idp.document();
        new TestIdp.Signer(Fixture.RSA)
                .with(s -> s.transforms = transforms)
                .with(s -> s.lastTransform = new XPathFilterParameterSpec("not(ancestor-or-self::*[local-name()='NameID'])"))
                .sign(TestIdp.assertionOf(document));
        fixture.assertRefused(document, "was refused");
    }

    @Test
    @DisplayName("XSLT in a transform is never run (XML Signature 8.1.1; CVE-2007-3716 and its kind)")
    void refusesXslt() {
        Document document = idp.signedAssertion(Fixture.RSA);
        Element second = (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "Transform").item(1);
        second.setAttribute("Algorithm", Transform.XSLT);
        second.appendChild(document.importNode(
                TestIdp.parsed("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>").getDocumentElement(), true));
        fixture.assertRefused(document, "transforms that are not accepted");
    }

    @Test
    void refusesOtherCanonicalizations() {
        Document document = idp.document();
        new TestIdp.Signer(Fixture.RSA)
                .with(s -> s.canonicalization = CanonicalizationMethod.INCLUSIVE)
                .sign(TestIdp.assertionOf(document));
        fixture.assertRefused(document, "transforms that are not accepted");
    }

    @Test
    @DisplayName("SHA-1 is refused in signatures and digests (SHAttered; RFC 9231 2.1)")
    void refusesSha1() {
        Document document = idp.document();
        new TestIdp.Signer(Fixture.RSA).with(s -> s.algorithm = SignatureMethod.RSA_SHA1).sign(TestIdp.assertionOf(document));
        fixture.assertRefused(document, "not by an accepted algorithm");
        Document digest = fixture.idp().document();
        new TestIdp.Signer(Fixture.RSA).with(s -> s.digest = DigestMethod.SHA1).sign(TestIdp.assertionOf(digest));
        fixture.assertRefused(digest, "a digest that is not accepted");
    }

    @Test
    @DisplayName("an HMAC keyed with the public key is no signature (algorithm confusion, as in CVE-2016-5431)")
    void refusesHmac() {
        for (byte[] secret : List.of(
                Fixture.RSA.certificate().getPublicKey().getEncoded(), Fixture.RSA.pem().getBytes(StandardCharsets.US_ASCII))) {
            Document document = fixture.idp().document();
            new TestIdp.Signer(new SecretKeySpec(secret, "HmacSHA256"), SignatureMethod.HMAC_SHA256).sign(TestIdp.assertionOf(document));
            fixture.assertRefused(document, "not by an accepted algorithm");
        }
    }

    @Test
    @DisplayName("parameters of a signature method are refused, such as a length of its output (CVE-2009-0217)")
    void refusesParameters() {
        Document document = idp.signedAssertion(Fixture.RSA);
        Element method = (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "SignatureMethod").item(0);
        Element length = document.createElementNS(Names.SIGNATURE, "ds:HMACOutputLength");
        length.setTextContent("1");
        method.appendChild(length);
        fixture.assertRefused(document, "an element where none may be");
    }

    @Test
    @DisplayName("a key that the answer brings itself is not used (XML Signature Best Practices 2.1.1)")
    void ignoresKeyInfo() {
        fixture.assertRefused(idp.signedAssertion(Fixture.STRANGER), "not by a configured certificate");
        // says it is the provider's, and is not
        Document document = fixture.idp().document();
        new TestIdp.Signer(Fixture.STRANGER).with(s -> s.shown = Fixture.RSA).sign(TestIdp.assertionOf(document));
        fixture.assertRefused(document, "not by a configured certificate");
        // and the other way round: what it says does not matter
        Document honest = fixture.idp().document();
        new TestIdp.Signer(Fixture.RSA).with(s -> s.shown = Fixture.STRANGER).sign(TestIdp.assertionOf(honest));
        assertThat(fixture.recognized(honest).subject()).isEqualTo("saml:acme:8f3a");
    }

    @Test
    @DisplayName("KeyInfo is not even read: RetrievalMethod fetches nothing (XML Signature Best Practices 2.1.4)")
    void fetchesNoKey() {
        Document document = idp.signedAssertion(Fixture.RSA);
        Element keyInfo = (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "KeyInfo").item(0);
        keyInfo.setTextContent("");
        Element retrieval = document.createElementNS(Names.SIGNATURE, "ds:RetrievalMethod");
        retrieval.setAttribute("URI", "http://127.0.0.1:1/key");
        keyInfo.appendChild(retrieval);
        assertThat(fixture.recognized(document).subject()).isEqualTo("saml:acme:8f3a");
    }

    @Test
    @DisplayName("what is not signed is not read (CVE-2020-26160 and its kind)")
    void refusesWhatIsNotSigned() {
        fixture.assertRefused(idp.document(), "it is not signed");
        Document emptied = idp.signedAssertion(Fixture.RSA);
        Element value = (Element) emptied.getElementsByTagNameNS(Names.SIGNATURE, "SignatureValue").item(0);
        value.setTextContent("");
        fixture.assertRefused(emptied, "was refused");
        Document stripped = fixture.idp().signedAssertion(Fixture.RSA);
        TestIdp.signatureOf(stripped).setTextContent("");
        fixture.assertRefused(stripped, "SignedInfo is not where it must be");
    }

    @Test
    @DisplayName("an ECDSA signature of zeros is none (CVE-2022-21449)")
    void refusesPsychicSignatures() {
        Document document = idp.signedAssertion(Fixture.EC);
        Element value = (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "SignatureValue").item(0);
        value.setTextContent(java.util.Base64.getEncoder().encodeToString(new byte[64]));
        fixture.assertRefused(document, "was refused");
    }

    @Test
    void refusesWhatWasChanged() {
        for (List<String> change : List.of(
                List.of(">8f3a<", ">admin<"),
                List.of(TestIdp.ENTITY_ID, TestIdp.ENTITY_ID + "/"),
                List.of("nameid-format:persistent", "nameid-format:transient"),
                List.of("10:05:00Z", "11:05:00Z"))) {
            String good = TestIdp.text(fixture.idp().signedBoth(Fixture.RSA));
            assertThat(good).contains(change.getFirst());
            fixture.assertRefused(good.replace(change.getFirst(), change.getLast()), "what it covers was changed");
        }
    }

    @Test
    @DisplayName("with two signatures both are verified, also when one would do")
    void refusesOneWrongOfTwo() {
        Document inner = idp.document();
        new TestIdp.Signer(Fixture.STRANGER).sign(TestIdp.assertionOf(inner));
        new TestIdp.Signer(Fixture.RSA).sign(inner.getDocumentElement());
        fixture.assertRefused(inner, "not by a configured certificate");
        Document outer = fixture.idp().signedAssertion(Fixture.RSA);
        new TestIdp.Signer(Fixture.STRANGER).sign(outer.getDocumentElement());
        fixture.assertRefused(outer, "not by a configured certificate");
    }

    @Test
    @DisplayName("one assertion only, in whatever place (SAML Profiles 4.1.4.2; CVE-2024-45409 looked for signatures anywhere)")
    void refusesMoreThanOneAssertion() {
        TestIdp two = fixture.idp();
        TestIdp other = fixture.idp();
        two.afterAssertion = other.assertion();
        fixture.assertRefused(two.signedResponse(Fixture.RSA), "an element where none may be");
        TestIdp hidden = fixture.idp();
        hidden.extensions = "<samlp:Extensions>" + other.assertion() + "</samlp:Extensions>";
        fixture.assertRefused(hidden.signedResponse(Fixture.RSA), "more than one assertion");
        TestIdp inStatus = fixture.idp();
        inStatus.status += "<samlp:StatusDetail>" + TestIdp.text(other.signedAssertion(Fixture.RSA)) + "</samlp:StatusDetail>";
        fixture.assertRefused(inStatus.signedAssertion(Fixture.RSA), "was refused");
        TestIdp none = fixture.idp();
        Document empty = TestIdp.parsed(none.response(""));
        new TestIdp.Signer(Fixture.RSA).sign(empty.getDocumentElement());
        fixture.assertRefused(empty, "Assertion is not where it must be");
    }

    @Test
    @DisplayName("a digest put beside the real one is not found (CVE-2024-45409)")
    void refusesASmuggledDigest() {
        TestIdp smuggling = fixture.idp();
        smuggling.extensions = "<samlp:Extensions><ds:DigestValue " + DSIG + ">AAAA</ds:DigestValue></samlp:Extensions>";
        Document document = smuggling.signedAssertion(Fixture.RSA);
        String forged = TestIdp.text(document).replace(">8f3a<", ">admin<");
        fixture.assertRefused(forged, "what it covers was changed");
        Element reference = reference(document);
        reference.appendChild(document.createElementNS(Names.SIGNATURE, "ds:DigestValue"));
        fixture.assertRefused(document, "an element where none may be");
    }

    @Test
    @DisplayName("comments in what is signed: in the digest (CVE-2025-29775), in SignedInfo (CVE-2025-29774: a second SignedInfo)")
    void refusesAnAmbiguousSignature() {
        Document commented = idp.signedAssertion(Fixture.RSA);
        Node digest = commented.getElementsByTagNameNS(Names.SIGNATURE, "DigestValue").item(0);
        digest.insertBefore(commented.createComment("AAAA"), digest.getFirstChild());
        fixture.assertRefused(commented, "there is a comment");
        Document doubled = fixture.idp().signedAssertion(Fixture.RSA);
        Node info = doubled.getElementsByTagNameNS(Names.SIGNATURE, "SignedInfo").item(0);
        TestIdp.signatureOf(doubled).insertBefore(info.cloneNode(true), info);
        fixture.assertRefused(doubled, "SignatureValue is not where it must be");
    }

    @Test
    @DisplayName("the same identifier twice is refused, in whatever spelling (XML Signature Best Practices 2.1.3)")
    void refusesIdentifiersThatAreThereTwice() {
        for (String attribute : List.of("ID", "Id", "id", "xml:id", "AssertionID")) {
            TestIdp doubled = fixture.idp();
            doubled.extensions = "<samlp:Extensions><x " + attribute + "=\"" + doubled.assertionId + "\"/></samlp:Extensions>";
            fixture.assertRefused(doubled.signedAssertion(Fixture.RSA), "the same identifier");
        }
    }

    @Test
    @DisplayName("a signature elsewhere than where the schema has it is refused")
    void refusesMisplacedSignatures() {
        Document document = idp.signedAssertion(Fixture.RSA);
        document.getDocumentElement().appendChild(TestIdp.signatureOf(document));
        fixture.assertRefused(document, "an element where none may be");
        Document first = fixture.idp().signedAssertion(Fixture.RSA);
        Element assertion = TestIdp.assertionOf(first);
        assertion.insertBefore(TestIdp.signatureOf(first), assertion.getFirstChild());
        fixture.assertRefused(first, "Issuer is not where it must be");
    }

    @Test
    @DisplayName("encrypted parts are refused, and operators told what to do (SAML Core 2.3.4, 2.2.4, 2.7.3.2)")
    void refusesEncryptedParts() {
        TestIdp encrypted = fixture.idp();
        Document document = TestIdp.parsed(encrypted.response("<saml:EncryptedAssertion/>"));
        new TestIdp.Signer(Fixture.RSA).sign(document.getDocumentElement());
        fixture.assertRefused(document, "the assertion is encrypted, which is not supported: turn that off");
        TestIdp subject = fixture.idp();
        subject.nameId = "<saml:EncryptedID/>";
        fixture.assertRefused(subject.signedAssertion(Fixture.RSA), "the subject is encrypted");
        TestIdp attribute = fixture.idp();
        attribute.attributes = "<saml:EncryptedAttribute/>";
        fixture.assertRefused(attribute.signedAssertion(Fixture.RSA), "an attribute is encrypted");
    }
}
