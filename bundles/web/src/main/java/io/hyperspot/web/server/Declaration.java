// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.RateLimited;
import io.hyperspot.web.RequiresIfMatch;
import io.hyperspot.web.spi.Limits;
import java.lang.reflect.Method;
import java.time.Duration;

/**
 * What a resource method declares.
 *
 * @param perMinute calls a minute; 0: as many as you like
 * @param maxBodyBytes negative: the server's limit
 * @param timeout zero: the server's
 * @param template the operation's path, for metrics and logs
 */
record Declaration(
        Posture posture, int perMinute, int maxBodyBytes, Duration timeout, Bulkhead bulkhead, boolean requiresIfMatch, String template) {
    /**
     * @throws IllegalArgumentException when the posture is not declared, or a limit is impossible
     */
    static Declaration of(Class<?> resource, Method method) {
        Posture posture = Posture.of(resource, method);
        OperationLimits own = method.getAnnotation(OperationLimits.class);
        OperationLimits limits = own == null ? resource.getAnnotation(OperationLimits.class) : own;
        if (limits != null && (limits.maxInFlight() < 0 || limits.timeoutSeconds() < 0)) {
            throw new IllegalArgumentException(resource.getName() + "." + method.getName() + " has a negative limit in @OperationLimits");
        }
        boolean bounded = limits != null && limits.maxInFlight() > 0;
        RateLimited rate = method.getAnnotation(RateLimited.class);
        if (rate != null && rate.perMinute() < 1) {
            throw new IllegalArgumentException(resource.getName() + "." + method.getName() + " has no positive limit in @RateLimited");
        }
        return new Declaration(
                posture,
                rate == null ? 0 : rate.perMinute(),
                limits == null ? -1 : limits.maxBodyBytes(),
                Duration.ofSeconds(limits == null ? 0 : limits.timeoutSeconds()),
                new Bulkhead(bounded ? limits.maxInFlight() : Limits.UNBOUNDED),
                method.isAnnotationPresent(RequiresIfMatch.class),
                ResourceMethods.template(method));
    }
}
