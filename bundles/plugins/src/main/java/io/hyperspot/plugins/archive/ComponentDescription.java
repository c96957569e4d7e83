// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A component as its description in {@code OSGI-INF} says (Declarative Services).
 *
 * @param implementation the class; empty when none is named
 * @param pids of its configuration
 * @param needsConfiguration whether it is made only when it is configured
 * @param interfaces that it provides
 * @param references interfaces that it is given
 * @param properties their values as text; of several values, the first
 */
public record ComponentDescription(
        String name,
        String implementation,
        List<String> pids,
        boolean needsConfiguration,
        List<String> interfaces,
        List<String> references,
        Map<String, String> properties) {
    /** Larger descriptions are not read. */
    public static final int LARGEST = 1 << 20;

    private static final String TYPE = "gts.type";
    private static final String INSTANCE = "gts.instance";

    public ComponentDescription {
        pids = List.copyOf(pids);
        interfaces = List.copyOf(interfaces);
        references = List.copyOf(references);
        properties = Map.copyOf(properties);
    }

    /**
     * The components of a document; none when it describes something else.
     *
     * @throws XMLStreamException when it is not XML
     */
    public static List<ComponentDescription> read(byte[] document) throws XMLStreamException {
        List<ComponentDescription> components = new ArrayList<>();
        XMLStreamReader reader = Xml.reader(document);
        while (reader.hasNext()) {
            if (reader.next() == XMLStreamConstants.START_ELEMENT && reader.getLocalName().equals("component")) {
                components.add(component(reader));
            }
        }
        return components;
    }

    private static ComponentDescription component(XMLStreamReader reader) throws XMLStreamException {
        String name = Xml.attribute(reader, "name");
        String pids = Xml.attribute(reader, "configuration-pid");
        boolean needsConfiguration = Xml.attribute(reader, "configuration-policy").equals("require");
        String implementation = "";
        List<String> interfaces = new ArrayList<>();
        List<String> references = new ArrayList<>();
        Map<String, String> properties = new HashMap<>();
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals("component")) {
                break;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (reader.getLocalName()) {
                    case "implementation" -> implementation = Xml.attribute(reader, "class");
                    case "provide" -> interfaces.add(Xml.attribute(reader, "interface"));
                    case "reference" -> references.add(Xml.attribute(reader, "interface"));
                    case "property" ->
                        properties.put(Xml.attribute(reader, "name"), value(reader));
                    default -> {}
                }
            }
        }
        return new ComponentDescription(
                name,
                implementation,
                pids.isBlank() ? List.of(name) : List.of(pids.strip().split("\\s+")),
                needsConfiguration,
                interfaces,
                references,
                properties);
    }

    /** Several values are lines between the tags. */
    private static String value(XMLStreamReader reader) throws XMLStreamException {
        return reader.getAttributeValue(null, "value") == null
                ? reader.getElementText().strip().lines().findFirst().orElse("").strip()
                : Xml.attribute(reader, "value");
    }

    /** Whether it says that it is a worker. */
    public boolean isWorker() {
        return properties.containsKey(TYPE) || properties.containsKey(INSTANCE);
    }

    /** The GTS type that it implements; empty when it does not say. */
    public String type() {
        return properties.getOrDefault(TYPE, "");
    }

    /** The GTS instance id, in which {@code {name}} stands for a configuration's name; empty when it does not say. */
    public String instance() {
        return properties.getOrDefault(INSTANCE, "");
    }
}
