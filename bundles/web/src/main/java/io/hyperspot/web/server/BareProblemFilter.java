// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;

/** Gives a problem document to an error that a resource returns without a body, such as a 412. */
final class BareProblemFilter implements ContainerResponseFilter {
    private static final Annotation[] NONE = {};

    private final Problems problems;

    BareProblemFilter(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        Visit visit = JerseyApplication.visit(request);
        visit.responding = true;
        if (response.getStatus() < 400 || response.hasEntity()) {
            return;
        }
        String detail = switch (response.getStatus()) {
            case 404 -> "there is no such thing here";
            case 412 -> "the resource has changed since: read it again, and send its new ETag in If-Match";
            default -> response.getStatusInfo().getReasonPhrase();
        };
        ErrorBody body = problems.render(
                Problems.ofStatus(response.getStatus(), detail),
                visit.exchange.requestId(),
                request.getUriInfo().getRequestUri().getPath());
        response.setEntity(body.body(), NONE, MediaType.valueOf(body.contentType()));
    }
}
