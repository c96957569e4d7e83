// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.archive;

import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads XML of unknown origin: no document types, nothing outside the document. */
public final class Xml {
    private Xml() {}

    /**
     * @throws XMLStreamException when it does not begin as XML
     */
    public static XMLStreamReader reader(byte[] document) throws XMLStreamException {
        // the JDK's own, whatever a bundle brings
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory.createXMLStreamReader(new ByteArrayInputStream(document));
    }

    /** An attribute's value; empty when it is not there. */
    public static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
