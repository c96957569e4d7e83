// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What the browser brought, verified.
 *
 * @param signed whether the provider signed the envelope too
 */
record Answer(Envelope envelope, boolean signed, Assertion assertion) {
    /**
     * @param text of the form's SAMLResponse, or null
     * @param longest in bytes
     */
    static Answer of(@Nullable String text, int longest, List<PublicKey> keys) throws AnswerException {
        Element response = Xml.parse(decoded(text, longest)).getDocumentElement();
        Envelope sent = Envelope.of(response);
        Element outer = sent.signature();
        Element inner = sent.assertionSignature();
        int signatures = (outer == null ? 0 : 1) + (inner == null ? 0 : 1);
        if (Xml.count(response.getOwnerDocument(), Names.SIGNATURE, "Signature") != signatures) {
            throw AnswerException.because("there is a signature where none may be");
        }
        if (signatures == 0) {
            throw AnswerException.because("it is not signed");
        }
        // first what is outside: it covers the signature inside
        Envelope envelope = outer == null ? sent : Envelope.of(SignedElement.of(response, outer).verified(keys));
        Element assertion = inner == null
                ? envelope.assertion()
                : SignedElement.of(sent.assertion(), inner).verified(keys);
        return new Answer(envelope, outer != null, Assertion.of(assertion));
    }

    private static byte[] decoded(@Nullable String text, int longest) throws AnswerException {
        if (text == null || text.isEmpty()) {
            throw AnswerException.because("there is no SAMLResponse in it");
        }
        // a line break after 76 characters is the most that Base64 is stretched by
        if (text.length() / 3 > longest / 2) {
            throw AnswerException.because("it is longer than max_response_bytes");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("[ \r\n\t]", ""));
            if (bytes.length > longest) {
                throw AnswerException.because("it is longer than max_response_bytes");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw AnswerException.because("it is not Base64");
        }
    }
}
