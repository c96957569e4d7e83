// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/** What the annotations of a Jakarta REST resource class say. */
final class ResourceMethods {
    private ResourceMethods() {}

    /**
     * The methods that answer requests.
     *
     * @throws IllegalArgumentException for a class without {@code @Path}, or with a sub-resource
     *     locator, whose posture cannot be known when it is deployed
     */
    static List<Method> of(Class<?> resource) {
        if (!resource.isAnnotationPresent(Path.class)) {
            throw new IllegalArgumentException(resource.getName() + " has no @Path");
        }
        List<Method> methods = new ArrayList<>();
        for (Method method : resource.getMethods()) {
            if (answers(method)) {
                methods.add(method);
            } else if (method.isAnnotationPresent(Path.class)) {
                throw new IllegalArgumentException(resource.getName() + "." + method.getName()
                        + " is a sub-resource locator; give its resource a class with a @Path of its own");
            }
        }
        return methods;
    }

    private static boolean answers(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            if (annotation.annotationType().isAnnotationPresent(HttpMethod.class)) {
                return true;
            }
        }
        return false;
    }

    /** The literal beginning of the class's path, with a slash in front and none behind. */
    static String prefix(Class<?> resource) {
        String path = "/" + resource.getAnnotation(Path.class).value();
        int variable = path.indexOf('{');
        String literal = (variable < 0 ? path : path.substring(0, variable)).replaceAll("/+", "/");
        return literal.endsWith("/") ? literal.substring(0, literal.length() - 1) : literal;
    }

    /** The path template of a method, for metrics and logs. */
    static String template(Method method) {
        Path own = method.getAnnotation(Path.class);
        Path outer = method.getDeclaringClass().getAnnotation(Path.class);
        String path = "/" + (outer == null ? "" : outer.value()) + (own == null ? "" : "/" + own.value());
        return path.replaceAll("/+", "/").replaceAll("\\{\\s*([^:}\\s]+)[^}]*}", "{$1}");
    }
}
