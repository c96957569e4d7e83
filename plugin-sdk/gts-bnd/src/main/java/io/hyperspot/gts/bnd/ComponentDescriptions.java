// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Resource;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.XMLConstants;
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

/** The components of the JAR, as {@code OSGI-INF} describes them (Declarative Services). */
final class ComponentDescriptions {
    private static final String FOLDER = "OSGI-INF/";

    private final Analyzer analyzer;

    ComponentDescriptions(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    /** Gives each worker's component the service properties by which it is found. */
    void complete(List<Worker> workers) throws Exception {
        if (workers.isEmpty()) {
            return;
        }
        Set<String> described = new HashSet<>();
        for (Map.Entry<String, Resource> entry : new TreeMap<>(analyzer.getJar().getResources()).entrySet()) {
            String path = entry.getKey();
            if (!path.startsWith(FOLDER) || !path.endsWith(".xml") || path.indexOf('/', FOLDER.length()) >= 0) {
                continue;
            }
            Document document = read(entry.getValue());
            String implementation = implementation(document);
            for (Worker worker : workers) {
                if (worker.implementation().equals(implementation)) {
                    described.add(implementation);
                    complete(document.getDocumentElement(), worker);
                    analyzer.getJar().putResource(path, new EmbeddedResource(write(document), 0L));
                }
            }
        }
        for (Worker worker : workers) {
            if (!described.contains(worker.implementation())) {
                analyzer.warning("%s: @GtsWorker has no effect on what is no component: add @Component", worker.implementation());
            }
        }
    }

    private static void complete(Element component, Worker worker) {
        Node place = null;
        boolean ranked = false;
        List<Element> old = new ArrayList<>();
        List<Element> properties = List.of(
                list(component, "gts.type", GtsCapabilities.isA(worker.type())),
                property(component, "gts.type.exact", "String", worker.type().toString()),
                property(component, "gts.vendor", "String", worker.own().vendor()),
                property(component, "gts.package", "String", worker.own().packageName()),
                property(component, "gts.ver.major", "Integer", GtsCapabilities.last(worker.type()).major()),
                property(component, "gts.ver.minor", "Integer", GtsCapabilities.last(worker.type()).minor()));
        Element ranking = property(component, "service.ranking", "Integer", -worker.priority());
        Set<String> names = new HashSet<>();
        properties.forEach(property -> names.add(property.getAttribute("name")));
        for (Element element : children(component)) {
            String name = element.getTagName().equals("property") ? element.getAttribute("name") : "";
            ranked |= name.equals("service.ranking");
            if (names.contains(name)) {
                old.add(element);
            } else if (place == null && (name.startsWith("gts.") || !isProperty(element))) {
                place = element;
            }
        }
        for (Element property : properties) {
            insert(component, property, place);
        }
        // Who ranks a worker in another way has a reason.
        if (!ranked) {
            insert(component, ranking, place);
        }
        for (Element element : old) {
            Node space = element.getPreviousSibling();
            if (space != null && space.getNodeType() == Node.TEXT_NODE) {
                component.removeChild(space);
            }
            component.removeChild(element);
        }
    }

    private static boolean isProperty(Element element) {
        return element.getTagName().equals("property") || element.getTagName().equals("properties");
    }

    private static Element property(Element component, String name, String type, Object value) {
        Element property = element(component, name, type);
        property.setAttribute("value", String.valueOf(value));
        return property;
    }

    private static Element list(Element component, String name, List<String> values) {
        Element property = element(component, name, "String");
        property.setTextContent("\n" + String.join("\n", values) + "\n");
        return property;
    }

    private static Element element(Element component, String name, String type) {
        Element property = component.getOwnerDocument().createElement("property");
        property.setAttribute("name", name);
        property.setAttribute("type", type);
        return property;
    }

    private static void insert(Element component, Element property, @Nullable Node place) {
        component.insertBefore(property, place);
        component.insertBefore(component.getOwnerDocument().createTextNode("\n  "), place);
    }

    private static String implementation(Document document) {
        Element root = document.getDocumentElement();
        if (!root.getTagName().equals("component") && !root.getTagName().endsWith(":component")) {
            return "";
        }
        return children(root).stream()
                .filter(element -> element.getTagName().equals("implementation"))
                .map(element -> element.getAttribute("class"))
                .findFirst()
                .orElse("");
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static Document read(Resource resource) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        try (InputStream in = resource.openInputStream()) {
            return factory.newDocumentBuilder().parse(in);
        }
    }

    private static byte[] write(Document document) throws Exception {
        TransformerFactory factory = TransformerFactory.newDefaultInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Transformer transformer = factory.newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".getBytes(StandardCharsets.UTF_8));
        transformer.transform(new DOMSource(document), new StreamResult(bytes));
        bytes.write('\n');
        return bytes.toByteArray();
    }
}
