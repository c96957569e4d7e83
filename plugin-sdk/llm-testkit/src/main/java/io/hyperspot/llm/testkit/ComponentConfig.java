// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configurations as Declarative Services would make them from the YAML file. */
public final class ComponentConfig {
    private ComponentConfig() {}

    /**
     * An instance of a component property type.
     *
     * @param values by key as in the YAML file, for example {@code base_url}, with the type that the
     *     method returns; the others have their defaults
     * @throws IllegalArgumentException for an unknown key, and for one that is missing without a default
     */
    public static <T extends Annotation> T of(Class<T> type, Map<String, ?> values) {
        Map<String, Object> byMethod = new HashMap<>();
        Map<String, Object> unused = new HashMap<>(values);
        for (Method method : type.getDeclaredMethods()) {
            String key = key(method.getName());
            Object given = unused.remove(key);
            Object value = given == null ? method.getDefaultValue() : given;
            if (value == null) {
                throw new IllegalArgumentException("'" + key + "' has no default; give it a value");
            }
            byMethod.put(method.getName(), value);
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(type.getSimpleName() + " has no " + unused.keySet());
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer(type, byMethod, proxy, method, arguments)));
    }

    /** The rules of the specification, as far as keys of this product go (112.8.2.1). */
    private static String key(String method) {
        String name = method.startsWith("_") && !method.startsWith("__") ? method.substring(1) : method;
        return name.replace("__", "_");
    }

    // such a proxy equals itself only
    @SuppressWarnings("ReferenceEquality")
    private static Object answer(
            Class<?> type,
            Map<String, Object> values,
            Object proxy,
            Method method,
            Object @Nullable [] arguments) {
        Object value = values.get(method.getName());
        if (value != null) {
            return value;
        }
        return switch (method.getName()) {
            case "annotationType" -> type;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            // not the values: one of them may be a secret
            default -> "@" + type.getSimpleName();
        };
    }
}
