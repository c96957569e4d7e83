// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hyperspot.itests.TestBrowser.Page;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/**
 * A SAML identity provider with a page for logins (SAML Profiles, 4.1): who gives a name is sent back with a signed
 * response, by a form that a script of the page would send.
 */
final class SamlProvider implements AutoCloseable {
    private static final Pattern FORM = Pattern.compile("<form method=\"post\" action=\"([^\"]*)\">");
    private static final Pattern FIELD = Pattern.compile("<input name=\"([^\"]*)\" value=\"([^\"]*)\">");

    /** What is told of somebody. */
    record Person(String organization, List<String> groups) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TestCertificate certificate;
    private final Map<String, Person> people;

    SamlProvider(TestCertificate certificate, Map<String, Person> people) throws IOException {
        this.certificate = certificate;
        this.people = people;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/sso", exchange -> answer(exchange, this::askForName));
        server.createContext("/login", exchange -> answer(exchange, this::sendBack));
        server.setExecutor(threads);
        server.start();
    }

    String entityId() {
        return "https://idp.example/saml";
    }

    URI ssoUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/sso");
    }

    /** Shows the provider's pages to somebody, who gives a name; the last page sends the browser back. */
    Page pass(TestBrowser browser, Page first, String name) throws Exception {
        Page page = browser.follow(first);
        Map<String, String> fields = fields(page);
        fields.put("name", name);
        return browser.submit(page, action(page), fields);
    }

    /** Where the form of a page goes. */
    static URI action(Page page) {
        Matcher form = FORM.matcher(page.body());
        if (!form.find()) {
            throw new AssertionError("no page of the provider: " + page);
        }
        return page.address().resolve(form.group(1));
    }

    /** The fields of a page's form, to be changed. */
    static Map<String, String> fields(Page page) {
        Map<String, String> fields = new LinkedHashMap<>();
        FIELD.matcher(page.body()).results().forEach(field -> fields.put(field.group(1), field.group(2)));
        return fields;
    }

    @FunctionalInterface
    private interface Handler {
        String page(Map<String, String> parameters) throws Exception;
    }

    private static void answer(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            String query = exchange.getRequestMethod().equals("GET")
                    ? exchange.getRequestURI().getRawQuery()
                    : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            int status = 200;
            String page;
            try {
                page = handler.page(parameters(query));
            } catch (Exception e) {
                status = 500;
                page = e.toString();
            }
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String field : query.split("&")) {
            String[] parts = field.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static String form(String action, Map<String, String> fields) {
        return "<form method=\"post\" action=\"" + action + "\">"
                + fields.entrySet().stream()
                        .map(field -> "<input name=\"" + field.getKey() + "\" value=\"" + field.getValue() + "\">")
                        .collect(Collectors.joining())
                + "</form>";
    }

    private String askForName(Map<String, String> parameters) {
        return form("/login", Map.of(
                "SAMLRequest", parameters.getOrDefault("SAMLRequest", ""),
                "RelayState", parameters.getOrDefault("RelayState", ""),
                "name", ""));
    }

    private String sendBack(Map<String, String> parameters) throws Exception {
        byte[] deflated = Base64.getDecoder().decode(parameters.get("SAMLRequest"));
        Element request;
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated), new Inflater(true))) {
            request = parsed(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getDocumentElement();
        }
        Document response = parsed(response(request, parameters.getOrDefault("name", "")));
        sign(response.getDocumentElement());
        return form(request.getAttribute("AssertionConsumerServiceURL"), Map.of(
                "SAMLResponse", Base64.getEncoder().encodeToString(text(response).getBytes(StandardCharsets.UTF_8)),
                "RelayState", parameters.getOrDefault("RelayState", "")));
    }

    private String response(Element request, String name) {
        Person person = people.get(name);
        if (person == null) {
            throw new IllegalArgumentException("nobody is called so");
        }
        Instant now = Instant.now();
        String issuer = "<saml:Issuer>" + entityId() + "</saml:Issuer>";
        String callback = request.getAttribute("AssertionConsumerServiceURL");
        String inResponseTo = "InResponseTo=\"" + request.getAttribute("ID") + "\"";
        String groups = person.groups().stream()
                .map(group -> "<saml:AttributeValue>" + group + "</saml:AttributeValue>")
                .collect(Collectors.joining());
        return """
                <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
                    ID="_%s" Version="2.0" IssueInstant="%s" Destination="%s" %s>%s
                  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
                  <saml:Assertion ID="_%s" Version="2.0" IssueInstant="%s">%s
                    <saml:Subject>
                      <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">%s</saml:NameID>
                      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
                        <saml:SubjectConfirmationData Recipient="%s" %s NotOnOrAfter="%s"/>
                      </saml:SubjectConfirmation>
                    </saml:Subject>
                    <saml:Conditions NotOnOrAfter="%s">
                      <saml:AudienceRestriction>%s</saml:AudienceRestriction>
                    </saml:Conditions>
                    <saml:AuthnStatement AuthnInstant="%s" SessionIndex="_1">
                      <saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
                    </saml:AuthnStatement>
                    <saml:AttributeStatement>
                      <saml:Attribute Name="displayName"><saml:AttributeValue>Person %s</saml:AttributeValue></saml:Attribute>
                      <saml:Attribute Name="org"><saml:AttributeValue>%s</saml:AttributeValue></saml:Attribute>
                      <saml:Attribute Name="groups">%s</saml:Attribute>
                    </saml:AttributeStatement>
                  </saml:Assertion>
                </samlp:Response>"""
                .formatted(
                        UUID.randomUUID(), now, callback, inResponseTo, issuer,
                        UUID.randomUUID(), now, issuer, name,
                        callback, inResponseTo, now.plusSeconds(300),
                        now.plusSeconds(300), audience(request), now,
                        name, person.organization(), groups);
    }

    /** It answers whoever asks: what it is called there. */
    private static String audience(Element request) {
        String asking = request.getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:assertion", "Issuer").item(0).getTextContent();
        return "<saml:Audience>" + asking + "</saml:Audience>";
    }

    private void sign(Element response) throws Exception {
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        response.setIdAttribute("ID", true);
        Reference reference = factory.newReference(
                "#" + response.getAttribute("ID"),
                factory.newDigestMethod(DigestMethod.SHA256, null),
                List.of(
                        factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                        factory.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                null,
                null);
        SignedInfo info = factory.newSignedInfo(
                factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                factory.newSignatureMethod(SignatureMethod.RSA_SHA256, null),
                List.of(reference));
        // the signature stands behind the issuer (SAML Core, 3.2.2)
        DOMSignContext context = new DOMSignContext(certificate.secret(), response, response.getFirstChild().getNextSibling());
        factory.newXMLSignature(info, null).sign(context);
    }

    private static Document parsed(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static String text(Document document) throws Exception {
        Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter writer = new StringWriter();
        transformer.transform(new DOMSource(document), new StreamResult(writer));
        return writer.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
