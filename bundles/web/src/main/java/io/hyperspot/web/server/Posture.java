// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.gts.GtsId;
import io.hyperspot.security.Permission;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.RequiresFeature;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.spi.Operation;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * What an operation declares about who may call it.
 *
 * @param permission null: public
 * @param feature the licensed feature it needs, or null
 */
record Posture(@Nullable Permission permission, @Nullable GtsId feature) {
    static final Posture PUBLIC = new Posture(null, null);

    /**
     * Reads the declaration of a resource method, else of its class.
     *
     * @throws IllegalArgumentException when neither states both who may call and which feature is
     *     needed, or states a contradiction
     */
    static Posture of(Class<?> resource, Method method) {
        RequiresPermission permission = find(resource, method, RequiresPermission.class, PublicOperation.class);
        PublicOperation open = find(resource, method, PublicOperation.class, RequiresPermission.class);
        RequiresFeature feature = find(resource, method, RequiresFeature.class, NoFeature.class);
        NoFeature none = find(resource, method, NoFeature.class, RequiresFeature.class);
        String name = resource.getName() + "." + method.getName();
        if ((permission == null) == (open == null)) {
            throw new IllegalArgumentException(
                    name + " must state exactly one of @RequiresPermission and @PublicOperation");
        }
        if ((feature == null) == (none == null)) {
            throw new IllegalArgumentException(name + " must state exactly one of @RequiresFeature and @NoFeature");
        }
        return new Posture(
                permission == null ? null : Permission.parse(permission.value()),
                feature == null ? null : GtsId.parse(feature.value()));
    }

    /** @throws IllegalArgumentException when the feature is no GTS id */
    static Posture of(Operation operation) {
        String feature = operation.feature();
        return new Posture(operation.permission(), feature == null ? null : GtsId.parse(feature));
    }

    /** The method's annotation; the class's only when the method has neither it nor its opposite. */
    private static <A extends Annotation> @Nullable A find(
            Class<?> resource, Method method, Class<A> wanted, Class<? extends Annotation> opposite) {
        A own = method.getAnnotation(wanted);
        if (own != null || method.isAnnotationPresent(opposite)) {
            return own;
        }
        return resource.getAnnotation(wanted);
    }
}
