// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsId;
import java.lang.reflect.Array;
import java.util.Collection;
import org.osgi.framework.ServiceReference;

/**
 * The GTS instance that a worker's service properties describe: {@code id}, {@code vendor}, {@code
 * priority}, and under {@code properties} whatever stands behind {@code gts.properties.}.
 */
final class InstanceDocument {
    static final String PROPERTIES = "gts.properties.";
    private static final String VENDOR = "gts.vendor";

    private InstanceDocument() {}

    static String of(ServiceReference<?> reference, GtsId instance, int priority) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("id", instance.toString());
        Object vendor = reference.getProperty(VENDOR);
        document.put("vendor", vendor == null ? instance.segments().getLast().vendor() : vendor.toString());
        document.put("priority", priority);
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        for (String key : reference.getPropertyKeys()) {
            if (key.startsWith(PROPERTIES)) {
                put(own, key.substring(PROPERTIES.length()), reference.getProperty(key));
            }
        }
        if (!own.isEmpty()) {
            document.set("properties", own);
        }
        return document.toString();
    }

    private static void put(ObjectNode object, String key, Object value) {
        switch (value) {
            case Collection<?> several -> several.forEach(object.withArray(key)::addPOJO);
            case Object array when array.getClass().isArray() -> {
                ArrayNode values = object.putArray(key);
                for (int i = 0; i < Array.getLength(array); i++) {
                    values.addPOJO(Array.get(array, i));
                }
            }
            default -> object.putPOJO(key, value);
        }
    }
}
