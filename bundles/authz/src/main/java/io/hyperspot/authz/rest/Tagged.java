// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Answers about one rule, whose version is its ETag. */
final class Tagged {
    private Tagged() {}

    private static EntityTag tag(long version) {
        return new EntityTag(Long.toString(version));
    }

    static Response made(URI place, long version, Object rule) {
        return Response.created(place).entity(rule).tag(tag(version)).build();
    }

    /** The rule, or that it is as If-None-Match says. */
    static Response shown(Request request, long version, Object rule) {
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag(version));
        return (unchanged == null ? Response.ok(rule) : unchanged).tag(tag(version)).build();
    }

    static Response changed(long version, Object rule) {
        return Response.ok(rule).tag(tag(version)).build();
    }

    /** Null when the rule is as If-Match says. */
    static @Nullable Response refusal(Request request, long version) {
        Response.ResponseBuilder refused = request.evaluatePreconditions(tag(version));
        return refused == null ? null : refused.build();
    }
}
