// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.idempotency.Begun;
import io.hyperspot.web.idempotency.Idempotency;
import io.hyperspot.web.idempotency.KeptAnswer;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests that are sent again with the same Idempotency-Key, and lets the first one through. */
final class Repeats {
    static final String KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final Logger log = LoggerFactory.getLogger(Repeats.class);
    private static final Set<String> UNSAFE = Set.of("POST", "PATCH");

    /** Of these nothing was done, and another time there may be another answer. */
    private static final Set<Integer> PASSING = Set.of(401, 403, 408, 409, 412, 423, 425, 428, 429, 503);

    private volatile @Nullable Idempotency requests;

    void use(Idempotency next) {
        requests = next;
    }

    void release(Idempotency gone) {
        if (gone.equals(requests)) {
            requests = null;
        }
    }

    /** Called when the caller is admitted and the body was not read; costs nothing without the header. */
    void begin(ContainerRequestContext context, Visit visit, SecurityContext caller) {
        List<String> keys = context.getHeaders().get(KEY);
        if (keys == null || keys.isEmpty() || !UNSAFE.contains(context.getMethod())) {
            return;
        }
        if (keys.size() > 1) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_IDEMPOTENCY_KEY", "a request has one Idempotency-Key");
        }
        Idempotency known = requests;
        if (known == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "IDEMPOTENCY_NOT_STARTED", "Idempotency-Keys are not kept yet; try again in a moment");
        }
        Duration longest = JerseyApplication.limits(context).longest();
        switch (known.begin(caller, keys.getFirst(), operation(context), body(context), longest)) {
            case Begun.Answered(KeptAnswer answer) -> context.abortWith(again(answer));
            case Begun.Claim claim -> visit.claim = claim;
        }
    }

    private static String operation(ContainerRequestContext context) {
        URI uri = context.getUriInfo().getRequestUri();
        return context.getMethod() + " " + uri.getRawPath() + "?" + uri.getRawQuery();
    }

    /** The body stays to be read by the resource. */
    private static byte[] body(ContainerRequestContext context) {
        MediaType type = context.getMediaType();
        if (type != null && !type.getSubtype().endsWith("json")) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "IDEMPOTENCY_KEY_UNSUPPORTED", "an Idempotency-Key is taken with JSON only");
        }
        try {
            byte[] body = context.getEntityStream().readAllBytes();
            context.setEntityStream(new ByteArrayInputStream(body));
            return body;
        } catch (IOException e) {
            throw new ProblemException(ErrorCategory.CANCELLED, "CLIENT_LEFT", "the request body ended early");
        }
    }

    private static Response again(KeptAnswer answer) {
        Response.ResponseBuilder response = Response.status(answer.status()).header(REPLAYED, "true");
        answer.headers().forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        if (answer.body().length > 0) {
            response.entity(answer.body());
        }
        return response.build();
    }

    /** Before the answer is given: who hears of it finds it again. */
    static void end(Begun.Claim claim, KeptAnswer answer) {
        try {
            if (PASSING.contains(answer.status())) {
                claim.release();
            } else if (answer.status() < 500) {
                claim.keep(answer);
            }
            // of other failures nobody knows whether something was done
        } catch (RuntimeException e) {
            // the answer is given all the same
            log.warn("the answer to a request with an Idempotency-Key is not kept: {}", e.getMessage());
        }
    }
}
