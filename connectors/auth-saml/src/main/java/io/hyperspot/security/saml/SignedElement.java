// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.IOException;
import java.io.InputStream;
import java.security.Key;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.URIReferenceException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * An element with an enveloped signature of its own (SAML Core, 5.4). Nothing of the signature is left to
 * choose: its shape is checked before anything is computed, and what it covers is read from the digested bytes,
 * so that there is no other element that could be taken for it (XSW).
 */
final class SignedElement {
    private static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";
    private static final String PSS = "http://www.w3.org/2007/05/xmldsig-more#";
    private static final String ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#";

    /** By the kind of key. Neither SHA-1 nor, where a public key would be the secret, HMAC. */
    private static final Map<String, String> ALGORITHMS = Map.of(
            MORE + "rsa-sha256", "RSA",
            MORE + "rsa-sha384", "RSA",
            MORE + "rsa-sha512", "RSA",
            PSS + "sha256-rsa-MGF1", "RSA",
            PSS + "sha384-rsa-MGF1", "RSA",
            PSS + "sha512-rsa-MGF1", "RSA",
            MORE + "ecdsa-sha256", "EC",
            MORE + "ecdsa-sha384", "EC",
            MORE + "ecdsa-sha512", "EC");

    private static final Set<String> DIGESTS = Set.of(ENCRYPTION + "sha256", MORE + "sha384", ENCRYPTION + "sha512");

    private final Element element;
    private final Element signature;
    private final String id;

    private SignedElement(Element element, Element signature, String id) {
        this.element = element;
        this.signature = signature;
        this.id = id;
    }

    /**
     * @param signature the child of the element
     */
    static SignedElement of(Element element, Element signature) throws AnswerException {
        String id = Xml.attribute(element, "ID");
        if (id == null || id.isEmpty() || !element.isSameNode(signature.getParentNode())) {
            throw AnswerException.because("a signature is not in the element that it should be of");
        }
        return new SignedElement(element, signature, id);
    }

    /**
     * The element as it was signed, without the signature, in a document of its own. Takes what the signature
     * says of its key out of the document: verify what is outside first.
     */
    Element verified(List<PublicKey> keys) throws AnswerException {
        String family = checkShape();
        for (PublicKey key : keys) {
            if (key.getAlgorithm().equals(family)) {
                byte[] signed = validate(key);
                if (signed != null) {
                    return read(signed);
                }
            }
        }
        throw AnswerException.because("a signature is not by a configured certificate, or what it covers was changed");
    }

    /** The kind of key that it needs. */
    private String checkShape() throws AnswerException {
        Children parts = Children.of(signature);
        Element info = parts.required(Names.SIGNATURE, "SignedInfo");
        parts.required(Names.SIGNATURE, "SignatureValue");
        Element keyInfo = parts.optional(Names.SIGNATURE, "KeyInfo");
        parts.end(); // an Object in a signature is a place to hide what it covers

        Children infos = Children.of(info);
        checkCanonicalization(infos.required(Names.SIGNATURE, "CanonicalizationMethod"));
        Element method = infos.required(Names.SIGNATURE, "SignatureMethod");
        Children.of(method).end(); // parameters such as HMACOutputLength (CVE-2009-0217)
        String family = ALGORITHMS.get(method.getAttributeNS(null, "Algorithm"));
        if (family == null) {
            throw AnswerException.because("a signature is not by an accepted algorithm");
        }
        Element reference = infos.required(Names.SIGNATURE, "Reference");
        infos.end(); // SAML Core, 5.4.2: a single one
        checkReference(reference);

        if (keyInfo != null) {
            signature.removeChild(keyInfo);
        }
        return family;
    }

    private void checkReference(Element reference) throws AnswerException {
        if (!("#" + id).equals(Xml.attribute(reference, "URI"))) {
            throw AnswerException.because("a signature is of another element than the one that it is in");
        }
        Children parts = Children.of(reference);
        Children transforms = Children.of(parts.required(Names.SIGNATURE, "Transforms"));
        Element first = transforms.required(Names.SIGNATURE, "Transform");
        Element second = transforms.required(Names.SIGNATURE, "Transform");
        transforms.end();
        Children.of(first).end();
        if (!Transform.ENVELOPED.equals(Xml.attribute(first, "Algorithm"))) {
            throw AnswerException.because("a signature has transforms that are not accepted");
        }
        checkCanonicalization(second);
        Element digest = parts.required(Names.SIGNATURE, "DigestMethod");
        Children.of(digest).end();
        if (!DIGESTS.contains(digest.getAttributeNS(null, "Algorithm"))) {
            throw AnswerException.because("a signature has a digest that is not accepted");
        }
        // a comment in the digest: CVE-2025-29775
        Xml.text(parts.required(Names.SIGNATURE, "DigestValue"));
        parts.end();
    }

    private static void checkCanonicalization(Element method) throws AnswerException {
        if (!CanonicalizationMethod.EXCLUSIVE.equals(Xml.attribute(method, "Algorithm"))) {
            throw AnswerException.because("a signature has transforms that are not accepted");
        }
        Children parts = Children.of(method);
        Element namespaces = parts.optional(CanonicalizationMethod.EXCLUSIVE, "InclusiveNamespaces");
        parts.end();
        if (namespaces != null) {
            Children.of(namespaces).end();
        }
    }

    /** The digested bytes, or null when the key is another or something was changed. */
    private byte @Nullable [] validate(Key key) throws AnswerException {
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        DOMValidateContext context = new DOMValidateContext(KeySelector.singletonKeySelector(key), signature);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
        context.setIdAttributeNS(element, null, "ID");
        context.setURIDereferencer(only(factory.getURIDereferencer()));
        try {
            XMLSignature candidate = factory.unmarshalXMLSignature(context);
            if (!candidate.validate(context)) {
                return null;
            }
            List<Reference> references = candidate.getSignedInfo().getReferences();
            try (InputStream digested = references.getFirst().getDigestInputStream()) {
                return references.size() == 1 ? digested.readAllBytes() : null;
            }
        } catch (MarshalException | XMLSignatureException | IOException e) {
            throw AnswerException.because("a signature cannot be verified");
        }
    }

    /** Whatever else the shape may have let through: nothing but this element is ever looked up. */
    private URIDereferencer only(URIDereferencer found) {
        return (reference, context) -> {
            if (!("#" + id).equals(reference.getURI())) {
                throw new URIReferenceException("another element");
            }
            return found.dereference(reference, context);
        };
    }

    private Element read(byte[] signed) throws AnswerException {
        Element root = Xml.parse(signed).getDocumentElement();
        Node outside = element;
        if (!Xml.is(root, String.valueOf(outside.getNamespaceURI()), outside.getLocalName()) || !id.equals(Xml.attribute(root, "ID"))) {
            throw AnswerException.because("a signature is of another element than the one that it is in");
        }
        return root;
    }
}
