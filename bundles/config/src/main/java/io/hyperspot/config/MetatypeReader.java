// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads metatype documents (OSGi Compendium 105.8) as bnd makes them from annotations. */
public final class MetatypeReader {
    /** The key that names an instance of a factory; set by us, not by the operator. */
    static final String INSTANCE_NAME = "instance.name";

    private final XMLInputFactory xml = XMLInputFactory.newFactory();

    public MetatypeReader() {
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        xml.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    }

    /**
     * The modules that a document describes.
     *
     * @throws IOException when it is no metatype document
     */
    public List<ModuleSchema> read(InputStream document) throws IOException {
        Map<String, Ocd> definitions = new LinkedHashMap<>();
        List<ModuleSchema> modules = new ArrayList<>();
        Map<String, String[]> designates = new LinkedHashMap<>();
        try {
            XMLStreamReader reader = xml.createXMLStreamReader(document);
            Ocd ocd = null;
            AttributeBuilder attribute = null;
            String pid = null;
            boolean factory = false;
            while (reader.hasNext()) {
                if (reader.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (reader.getLocalName()) {
                    case "OCD" -> {
                        ocd = new Ocd(text(reader, "description"));
                        definitions.put(text(reader, "id"), ocd);
                    }
                    case "AD" -> {
                        attribute = new AttributeBuilder(reader);
                        if (ocd != null && !attribute.id.equals(INSTANCE_NAME)) {
                            ocd.attributes.put(attribute.id, attribute);
                        }
                    }
                    case "Option" -> {
                        if (attribute != null) {
                            attribute.options.add(text(reader, "value"));
                        }
                    }
                    case "Designate" -> {
                        factory = reader.getAttributeValue(null, "factoryPid") != null;
                        pid = factory ? text(reader, "factoryPid") : text(reader, "pid");
                    }
                    case "Object" -> {
                        if (pid != null) {
                            designates.put(pid, new String[] {text(reader, "ocdref"), String.valueOf(factory)});
                        }
                    }
                    default -> {}
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("not a metatype document: " + e.getMessage(), e);
        }
        designates.forEach((id, target) -> {
            Ocd definition = definitions.get(target[0]);
            if (definition != null) {
                modules.add(definition.schema(id, Boolean.parseBoolean(target[1])));
            }
        });
        return modules;
    }

    private static String text(XMLStreamReader reader, String attribute) {
        String value = reader.getAttributeValue(null, attribute);
        return value == null ? "" : value;
    }

    private static final class Ocd {
        final String description;
        final Map<String, AttributeBuilder> attributes = new LinkedHashMap<>();

        Ocd(String description) {
            this.description = description;
        }

        ModuleSchema schema(String pid, boolean factory) {
            Map<String, ModuleSchema.Attribute> keys = new LinkedHashMap<>();
            attributes.values().forEach(builder -> {
                ModuleSchema.Attribute attribute = builder.build();
                keys.put(attribute.key(), attribute);
            });
            return new ModuleSchema(pid, factory, description, keys);
        }
    }

    private static final class AttributeBuilder {
        private static final Map<String, ModuleSchema.Type> TYPES = new HashMap<>(Map.of(
                "String", ModuleSchema.Type.STRING,
                "Password", ModuleSchema.Type.SECRET,
                "Boolean", ModuleSchema.Type.BOOLEAN,
                "Integer", ModuleSchema.Type.INTEGER,
                "Long", ModuleSchema.Type.LONG,
                "Double", ModuleSchema.Type.DOUBLE,
                "Float", ModuleSchema.Type.DOUBLE));

        /** Commas and backslashes within a value are escaped (OSGi Compendium 105.8.2). */
        private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

        private static final Pattern ESCAPED = Pattern.compile("\\\\(.)", Pattern.DOTALL);

        final String id;
        final List<String> options = new ArrayList<>();
        private final ModuleSchema.Type type;
        private final boolean list;
        private final boolean required;
        private final String description;
        private final @Nullable String defaults;
        private final @Nullable BigDecimal least;
        private final @Nullable BigDecimal most;

        AttributeBuilder(XMLStreamReader reader) {
            id = text(reader, "id");
            type = TYPES.getOrDefault(text(reader, "type"), ModuleSchema.Type.STRING);
            String cardinality = text(reader, "cardinality");
            list = !cardinality.isEmpty() && !cardinality.equals("0");
            defaults = reader.getAttributeValue(null, "default");
            required = !"false".equals(reader.getAttributeValue(null, "required")) && defaults == null && !list;
            description = text(reader, "description");
            least = number(reader.getAttributeValue(null, "min"));
            most = number(reader.getAttributeValue(null, "max"));
        }

        private static String unescaped(String value) {
            return ESCAPED.matcher(value.strip()).replaceAll("$1");
        }

        private static @Nullable BigDecimal number(@Nullable String text) {
            try {
                return text == null ? null : new BigDecimal(text);
            } catch (NumberFormatException e) {
                // a bound of something that is no number
                return null;
            }
        }

        ModuleSchema.Attribute build() {
            List<String> values = defaults == null || defaults.isEmpty()
                    ? List.of()
                    : list
                            ? COMMA.splitAsStream(defaults).map(AttributeBuilder::unescaped).toList()
                            : List.of(unescaped(defaults));
            return new ModuleSchema.Attribute(
                    id.startsWith(".") ? id.substring(1) : id, id, type, list, required, description, values, List.copyOf(options), least, most);
        }
    }
}
