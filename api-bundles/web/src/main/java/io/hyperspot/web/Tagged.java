// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Answers about one resource, whose version is its ETag (RFC 9110, 8.8.3 and 13.1). */
public final class Tagged {
    private Tagged() {}

    private static EntityTag tag(long version) {
        return new EntityTag(Long.toString(version));
    }

    /** 201, with the resource's place. */
    public static Response made(URI place, long version, Object resource) {
        return Response.created(place).entity(resource).tag(tag(version)).build();
    }

    /** 200, or 304 when it is as If-None-Match says. */
    public static Response shown(Request request, long version, Object resource) {
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag(version));
        return (unchanged == null ? Response.ok(resource) : unchanged).tag(tag(version)).build();
    }

    /** 200, with the new version. */
    public static Response changed(long version, Object resource) {
        return Response.ok(resource).tag(tag(version)).build();
    }

    /** Null when the resource is as If-Match says; else 412. */
    public static @Nullable Response refusal(Request request, long version) {
        Response.ResponseBuilder refused = request.evaluatePreconditions(tag(version));
        return refused == null ? null : refused.build();
    }
}
