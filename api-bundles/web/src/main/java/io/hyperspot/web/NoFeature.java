// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The operation needs no licensed feature.
 *
 * <p>On a resource method, or on its class for all methods that do not say otherwise. A resource
 * with a method that states no posture is refused when it is deployed.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface NoFeature {}
