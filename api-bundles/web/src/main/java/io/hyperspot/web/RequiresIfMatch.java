// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The operation changes what the caller must have seen: a request without {@code If-Match} is answered
 * 428 before the method runs. The method itself compares, with {@link
 * jakarta.ws.rs.core.Request#evaluatePreconditions(jakarta.ws.rs.core.EntityTag)}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RequiresIfMatch {}
