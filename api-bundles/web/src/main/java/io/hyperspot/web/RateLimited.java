// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How often the operation may be called. Each tenant has the number for itself, and of a public operation
 * each address; more is answered 429 with {@code Retry-After}. The configuration may say otherwise
 * ({@code modules.web.rate_limit_operations}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RateLimited {
    /** Requests a minute, all of which may come at once. */
    int perMinute();
}
