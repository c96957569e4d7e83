// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** An AuthnRequest (SAML Core, 3.4.1) by HTTP-Redirect (SAML Bindings, 3.4). */
final class LoginRequest {
    private static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";

    private final SamlSettings settings;

    LoginRequest(SamlSettings settings) {
        this.settings = settings;
    }

    /** @param now in whole seconds */
    String xml(String id, Instant now, URI callback) {
        StringBuilder xml = new StringBuilder(1024)
                .append("<samlp:AuthnRequest xmlns:samlp=\"").append(Names.PROTOCOL)
                .append("\" xmlns:saml=\"").append(Names.ASSERTION)
                .append("\" ID=\"").append(id)
                .append("\" Version=\"2.0\" IssueInstant=\"").append(now)
                .append("\" Destination=\"").append(escaped(settings.provider().page().toString()))
                .append("\" AssertionConsumerServiceURL=\"").append(escaped(callback.toString()))
                .append("\" ProtocolBinding=\"").append(Names.POST).append('"');
        if (settings.forceAuthn()) {
            xml.append(" ForceAuthn=\"true\"");
        }
        xml.append("><saml:Issuer>").append(escaped(settings.spEntityId())).append("</saml:Issuer>");
        if (settings.subjectAttribute().isEmpty()) {
            xml.append("<samlp:NameIDPolicy Format=\"").append(Names.PERSISTENT).append("\" AllowCreate=\"true\"/>");
        }
        if (!settings.authnContexts().isEmpty()) {
            xml.append("<samlp:RequestedAuthnContext Comparison=\"exact\">");
            for (String each : settings.authnContexts()) {
                xml.append("<saml:AuthnContextClassRef>").append(escaped(each)).append("</saml:AuthnContextClassRef>");
            }
            xml.append("</samlp:RequestedAuthnContext>");
        }
        return xml.append("</samlp:AuthnRequest>").toString();
    }

    /**
     * Where the browser goes.
     *
     * @param key to sign with, or null
     */
    URI location(String xml, String state, @Nullable PrivateKey key) {
        String query = "SAMLRequest=" + encoded(deflated(xml)) + "&RelayState=" + encoded(state);
        if (key != null) {
            boolean rsa = key.getAlgorithm().equals("RSA");
            query += "&SigAlg=" + encoded(MORE + (rsa ? "rsa-sha256" : "ecdsa-sha256"));
            query += "&Signature=" + encoded(signature(query, key, rsa));
        }
        URI page = settings.provider().page();
        return URI.create(page + (page.getRawQuery() == null ? "?" : "&") + query);
    }

    /** Over the octets of the query as they are sent (3.4.4.1); for EC as XML Signature writes it, two numbers. */
    private static String signature(String query, PrivateKey key, boolean rsa) {
        try {
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(query.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("'signing_key' cannot sign", e);
        }
    }

    private static String deflated(String xml) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(xml.getBytes(StandardCharsets.UTF_8));
            deflater.finish();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[1024];
            while (!deflater.finished()) {
                bytes.write(buffer, 0, deflater.deflate(buffer));
            }
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } finally {
            deflater.end();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
