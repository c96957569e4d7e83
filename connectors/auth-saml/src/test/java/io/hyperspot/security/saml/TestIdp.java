// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** Answers as an identity provider makes them, with everything that a test may want to change. */
final class TestIdp {
    static final String ENTITY_ID = "https://idp.example/saml";
    static final String RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    private static final AtomicInteger IDS = new AtomicInteger();

    String responseId = "_r" + IDS.incrementAndGet();
    String assertionId = "_a" + IDS.incrementAndGet();
    String version = "2.0";
    String issuer = "<saml:Issuer>" + ENTITY_ID + "</saml:Issuer>";
    String responseIssuer = issuer;
    String responseInResponseTo;
    @Nullable String inResponseTo;
    @Nullable String destination;
    String recipient;
    String audiences = "<saml:AudienceRestriction><saml:Audience>" + Fixture.SP + "</saml:Audience></saml:AudienceRestriction>";
    String status = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>";
    String method = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    String nameId = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">8f3a</saml:NameID>";
    String attributes = "";
    String confirmationExtra = "";
    String otherConfirmations = "";
    String extensions = "";
    String afterAssertion = "";
    String authnContext = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    String issuedAt;
    String responseIssuedAt;
    @Nullable String notBefore;
    @Nullable String notOnOrAfter;
    @Nullable String confirmedUntil;
    String authenticatedAt;
    @Nullable String sessionEnd;

    TestIdp(String requestId, String callback, Instant now) {
        responseInResponseTo = requestId;
        inResponseTo = requestId;
        destination = callback;
        recipient = callback;
        issuedAt = now.toString();
        responseIssuedAt = issuedAt;
        notBefore = now.minusSeconds(5).toString();
        notOnOrAfter = now.plusSeconds(300).toString();
        confirmedUntil = notOnOrAfter;
        authenticatedAt = now.toString();
    }

    static String attribute(String name, String... values) {
        StringBuilder xml = new StringBuilder("<saml:Attribute Name=\"" + name + "\">");
        for (String value : values) {
            xml.append("<saml:AttributeValue xmlns:xs=\"http://www.w3.org/2001/XMLSchema\""
                    + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\">" + value + "</saml:AttributeValue>");
        }
        return xml.append("</saml:Attribute>").toString();
    }

    private static String optional(String name, @Nullable String value) {
        return value == null ? "" : " " + name + "=\"" + value + "\"";
    }

    String assertion() {
        return "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"" + assertionId + "\" Version=\"" + version
                + "\" IssueInstant=\"" + issuedAt + "\">" + issuer
                + "<saml:Subject>" + nameId
                + otherConfirmations
                + "<saml:SubjectConfirmation Method=\"" + method + "\"><saml:SubjectConfirmationData Recipient=\"" + recipient + "\""
                + optional("InResponseTo", inResponseTo) + optional("NotOnOrAfter", confirmedUntil) + confirmationExtra
                + "/></saml:SubjectConfirmation></saml:Subject>"
                + "<saml:Conditions" + optional("NotBefore", notBefore) + optional("NotOnOrAfter", notOnOrAfter) + ">" + audiences
                + "</saml:Conditions>"
                + "<saml:AuthnStatement AuthnInstant=\"" + authenticatedAt + "\" SessionIndex=\"_s1\""
                + optional("SessionNotOnOrAfter", sessionEnd) + "><saml:AuthnContext><saml:AuthnContextClassRef>" + authnContext
                + "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
                + (attributes.isEmpty() ? "" : "<saml:AttributeStatement>" + attributes + "</saml:AttributeStatement>")
                + "</saml:Assertion>";
    }

    String response(String content) {
        return "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\""
                + " ID=\"" + responseId + "\" Version=\"2.0\" IssueInstant=\"" + responseIssuedAt + "\""
                + optional("Destination", destination) + optional("InResponseTo", responseInResponseTo) + ">" + responseIssuer
                + extensions + "<samlp:Status>" + status + "</samlp:Status>" + content + "</samlp:Response>";
    }

    /** Not signed yet. */
    Document document() {
        return parsed(response(assertion() + afterAssertion));
    }

    /** With the assertion signed. */
    Document signedAssertion(TestKey key) {
        Document document = document();
        new Signer(key).sign(assertionOf(document));
        return document;
    }

    Document signedResponse(TestKey key) {
        Document document = document();
        new Signer(key).sign(document.getDocumentElement());
        return document;
    }

    Document signedBoth(TestKey key) {
        Document document = signedAssertion(key);
        new Signer(key).sign(document.getDocumentElement());
        return document;
    }

    /** Signs as it is told to; by default as providers do. */
    static final class Signer {
        final Key key;
        String algorithm;
        String digest = DigestMethod.SHA256;
        String canonicalization = CanonicalizationMethod.EXCLUSIVE;
        List<String> transforms = List.of(Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE);
        List<String> prefixes = List.of();
        @Nullable String uri;
        @Nullable String secondUri;
        @Nullable TestKey shown;
        @Nullable TransformParameterSpec lastTransform;

        Signer(TestKey key) {
            this.key = key.secret();
            this.shown = key;
            algorithm = key.secret().getAlgorithm().equals("RSA") ? RSA_SHA256 : ECDSA_SHA256;
        }

        Signer(Key key, String algorithm) {
            this.key = key;
            this.algorithm = algorithm;
        }

        Signer with(Consumer<Signer> change) {
            change.accept(this);
            return this;
        }

        void sign(Element element) {
            try {
                XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
                List<Reference> references = new ArrayList<>();
                references.add(reference(factory, uri == null ? "#" + element.getAttribute("ID") : uri));
                if (secondUri != null) {
                    references.add(reference(factory, secondUri));
                }
                SignedInfo info = factory.newSignedInfo(
                        factory.newCanonicalizationMethod(canonicalization, (C14NMethodParameterSpec) null),
                        factory.newSignatureMethod(algorithm, null),
                        references);
                KeyInfo keyInfo = null;
                if (shown != null) {
                    var keys = factory.getKeyInfoFactory();
                    keyInfo = keys.newKeyInfo(List.of(keys.newX509Data(List.of(shown.certificate()))));
                }
                Node after = element.getFirstChild().getNextSibling();
                DOMSignContext context = new DOMSignContext(key, element, after);
                context.setProperty("org.jcp.xml.dsig.secureValidation", false);
                context.setDefaultNamespacePrefix("ds");
                registerIds(element.getOwnerDocument().getDocumentElement());
                factory.newXMLSignature(info, keyInfo).sign(context);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private Reference reference(XMLSignatureFactory factory, String to) throws Exception {
            List<Transform> list = new ArrayList<>();
            for (String each : transforms) {
                TransformParameterSpec parameters = each.equals(CanonicalizationMethod.EXCLUSIVE) && !prefixes.isEmpty()
                        ? new javax.xml.crypto.dsig.spec.ExcC14NParameterSpec(prefixes)
                        : each.equals(Transform.XPATH) || each.equals(Transform.XPATH2) || each.equals(Transform.XSLT)
                                ? lastTransform
                                : null;
                list.add(factory.newTransform(each, parameters));
            }
            return factory.newReference(to, factory.newDigestMethod(digest, null), list, null, null);
        }
    }

    static void registerIds(Element element) {
        if (element.hasAttribute("ID")) {
            element.setIdAttribute("ID", true);
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                registerIds(inner);
            }
        }
    }

    static Element assertionOf(Document document) {
        return (Element) document.getElementsByTagNameNS(Names.ASSERTION, "Assertion").item(0);
    }

    static Element signatureOf(Document document) {
        return (Element) document.getElementsByTagNameNS(Names.SIGNATURE, "Signature").item(0);
    }

    /** As careless as it can be: comments and all. */
    static Document parsed(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(Document document) {
        try {
            Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter writer = new StringWriter();
            transformer.transform(new DOMSource(document), new StreamResult(writer));
            return writer.toString();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static String form(String xml) {
        return Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
    }
}
