// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Reads XML of a plain kind: UTF-8, no DOCTYPE, so neither entities (XXE, billion laughs) nor default
 * attributes, of elements and text alone. Comments and processing instructions are refused, not skipped: they
 * vanish before a signature is verified, and cut a text for who reads it carelessly (CVE-2017-11427,
 * CVE-2018-0489).
 */
final class Xml {
    private static final String DEEPEST = "64";
    private static final String MOST_ATTRIBUTES = "64";
    private static final Set<String> ID_NAMES = Set.of("id", "assertionid", "requestid", "responseid");

    /** Says nothing: the default prints what it read. */
    private static final class Silent implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {
            // does not make it another document
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }

    private Xml() {}

    static Document parse(byte[] bytes) throws AnswerException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw AnswerException.because("it is not UTF-8");
        }
        Document document;
        try {
            document = builder().parse(new InputSource(new StringReader(text)));
        } catch (SAXException e) {
            throw AnswerException.because("it is no XML without a DOCTYPE");
        } catch (IOException e) {
            throw new IllegalStateException("a string can be read", e);
        }
        if (!"1.0".equals(document.getXmlVersion())) {
            throw AnswerException.because("it is not XML 1.0");
        }
        checkNodes(document);
        return document;
    }

    /** The JDK's own, whatever else is on the way of classes; each for one document. */
    private static DocumentBuilder builder() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute("jdk.xml.maxElementDepth", DEEPEST);
            factory.setAttribute("jdk.xml.elementAttributeLimit", MOST_ATTRIBUTES);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setNamespaceAware(true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Silent());
            builder.setEntityResolver((publicId, systemId) -> {
                throw new SAXException("nothing else is read");
            });
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's parser has all this", e);
        }
    }

    private static void checkNodes(Document document) throws AnswerException {
        Set<String> ids = new HashSet<>();
        Node node = document.getDocumentElement();
        if (document.getChildNodes().getLength() != 1) {
            throw AnswerException.because("there is something beside the document's element");
        }
        while (node != null) {
            switch (node.getNodeType()) {
                case Node.ELEMENT_NODE -> checkIds(node.getAttributes(), ids);
                case Node.TEXT_NODE -> {}
                default -> throw AnswerException.because("there is a comment, a processing instruction or a CDATA section in it");
            }
            node = after(node);
        }
    }

    /** The next in the order of the document, or null. */
    private static @Nullable Node after(Node node) {
        if (node.getFirstChild() != null) {
            return node.getFirstChild();
        }
        Node at = node;
        while (at != null && at.getNextSibling() == null) {
            at = at.getParentNode();
        }
        return at == null ? null : at.getNextSibling();
    }

    /** Whatever some reader may take for an identifier is there once: no reference has two ends. */
    private static void checkIds(NamedNodeMap attributes, Set<String> ids) throws AnswerException {
        for (int i = 0; i < attributes.getLength(); i++) {
            Node attribute = attributes.item(i);
            if (ID_NAMES.contains(attribute.getLocalName().toLowerCase(Locale.ROOT)) && !ids.add(attribute.getNodeValue())) {
                throw AnswerException.because("two elements have the same identifier");
            }
        }
    }

    static boolean is(Node node, String namespace, String name) {
        return node.getNodeType() == Node.ELEMENT_NODE
                && namespace.equals(node.getNamespaceURI())
                && name.equals(node.getLocalName());
    }

    /** How many there are anywhere. */
    static int count(Document document, String namespace, String name) {
        return document.getElementsByTagNameNS(namespace, name).getLength();
    }

    /** Null when it is not there. An attribute of a SAML element is in no namespace. */
    static @Nullable String attribute(Element element, String name) {
        return element.hasAttributeNS(null, name) ? element.getAttributeNS(null, name) : null;
    }

    /** Without the white space around; an element in it is an error. */
    static String text(Element element) throws AnswerException {
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() != Node.TEXT_NODE) {
                throw AnswerException.because("there is an element where a text should be");
            }
        }
        return element.getTextContent().strip();
    }
}
