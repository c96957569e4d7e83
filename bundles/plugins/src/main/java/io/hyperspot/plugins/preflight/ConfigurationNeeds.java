// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.archive.Xml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What a metatype document says of one PID.
 *
 * @param pid of a singleton or a factory
 * @param required keys that must be set, because they have no default, with what they mean
 */
record ConfigurationNeeds(String pid, boolean factory, Map<String, String> required) {
    /**
     * @throws XMLStreamException when it is not XML
     */
    static List<ConfigurationNeeds> read(byte[] document) throws XMLStreamException {
        Map<String, Map<String, String>> required = new HashMap<>();
        List<ConfigurationNeeds> needs = new ArrayList<>();
        String ocd = "";
        String pid = "";
        boolean factory = false;
        XMLStreamReader reader = Xml.reader(document);
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                switch (reader.getLocalName()) {
                    case "OCD" -> ocd = Xml.attribute(reader, "id");
                    case "AD" -> {
                        if (isRequired(reader)) {
                            required.computeIfAbsent(ocd, id -> new HashMap<>())
                                    .put(Xml.attribute(reader, "id"), Xml.attribute(reader, "description"));
                        }
                    }
                    case "Designate" -> {
                        factory = !Xml.attribute(reader, "factoryPid").isEmpty();
                        pid = Xml.attribute(reader, factory ? "factoryPid" : "pid");
                    }
                    case "Object" -> needs.add(new ConfigurationNeeds(
                            pid, factory, required.getOrDefault(Xml.attribute(reader, "ocdref"), Map.of())));
                    default -> {}
                }
            }
        }
        return needs;
    }

    private static boolean isRequired(XMLStreamReader reader) {
        String cardinality = Xml.attribute(reader, "cardinality");
        return !"false".equals(reader.getAttributeValue(null, "required"))
                && reader.getAttributeValue(null, "default") == null
                && (cardinality.isEmpty() || cardinality.equals("0"));
    }
}
