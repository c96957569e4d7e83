// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What one request of the operation may use, where that is not what the server's configuration says
 * ({@code modules.web}). On a resource method, or on its class for all methods without one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface OperationLimits {
    /** Larger bodies are answered 413; negative: {@code max_body_bytes}. */
    int maxBodyBytes() default -1;

    /** More requests at once are answered 503; 0: only the server's own limit. */
    int maxInFlight() default 0;

    /** What takes longer, streams included, is answered 504; 0: {@code request_timeout_seconds}. */
    int timeoutSeconds() default 0;
}
