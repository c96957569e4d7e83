// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.web.NoFeature;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.RequiresIfMatch;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PreconditionTest extends WebFixture {
    /** One note with a version. */
    @Path("notes/v1/note")
    @Produces("application/json")
    @PublicOperation
    @NoFeature
    public static class Note {
        private int version = 1;
        private String text = "x".repeat(3000);

        private EntityTag tag() {
            return new EntityTag(Integer.toString(version));
        }

        @GET
        public Response get(@Context Request request) {
            Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag());
            return (unchanged == null ? Response.ok(new Resources.Item(text, version, null)) : unchanged)
                    .tag(tag())
                    .build();
        }

        @PUT
        @Consumes("text/plain")
        @RequiresIfMatch
        public Response put(@Context Request request, String next) {
            Response.ResponseBuilder changed = request.evaluatePreconditions(tag());
            if (changed != null) {
                return changed.tag(tag()).build();
            }
            text = next;
            version++;
            return Response.noContent().tag(tag()).build();
        }

        @PATCH
        public Response gone() {
            return Response.status(Response.Status.NOT_FOUND).build();
        }
    }

    private static final String NOTE = "/notes/v1/note";

    @BeforeEach
    void serve() throws Exception {
        start(Map.of());
        resource(bundle("notes"), new Note());
    }

    private HttpRequest.Builder put(String text) throws Exception {
        return request(NOTE).header("Content-Type", "text/plain").PUT(ofString(text));
    }

    @Test
    void sendsWhatHasNotChangedOnlyOnce() throws Exception {
        HttpResponse<String> first = get(NOTE);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        String tag = header(first, "etag");
        assertThat(tag).isEqualTo("\"1\"");
        for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            HttpResponse<String> again = send(request(NOTE).header("If-None-Match", known));
            assertThat(again.statusCode()).as(known).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(header(again, "etag")).isEqualTo(tag);
        }
        assertThat(send(request(NOTE).header("If-None-Match", tag).method("HEAD", noBody())).statusCode()).isEqualTo(304);
        assertThat(send(request(NOTE).header("If-None-Match", "\"other\"")).statusCode()).isEqualTo(200);
        // the connection goes on: a 304 has no body
        assertThat(get(NOTE).body()).hasSizeGreaterThan(3000);
    }

    @Test
    void knowsTheTagOfACompressedAnswer() throws Exception {
        HttpResponse<String> zipped = send(request(NOTE).header("Accept-Encoding", "gzip"));
        assertThat(header(zipped, "content-encoding")).isEqualTo("gzip");
        String tag = header(zipped, "etag");
        HttpResponse<String> again = send(request(NOTE).header("Accept-Encoding", "gzip").header("If-None-Match", tag));
        assertThat(again.statusCode()).as(tag).isEqualTo(304);
        assertThat(send(put("next").header("If-Match", tag).header("Accept-Encoding", "gzip")).statusCode()).isEqualTo(204);
    }

    @Test
    void changesOnlyWhatTheCallerHasSeen() throws Exception {
        assertThat(problem(send(put("blind")), 428, "IF_MATCH_REQUIRED").path("detail").asText()).contains("If-Match");
        HttpResponse<String> stale = send(put("stale").header("If-Match", "\"0\""));
        assertThat(problem(stale, 412, "PRECONDITION_FAILED").path("detail").asText()).contains("read it again");
        assertThat(header(stale, "etag")).isEqualTo("\"1\"");
        HttpResponse<String> seen = send(put("second").header("If-Match", "\"1\""));
        assertThat(seen.statusCode()).isEqualTo(204);
        assertThat(header(seen, "etag")).isEqualTo("\"2\"");
        assertThat(json(get(NOTE)).path("item_name").asText()).isEqualTo("second");
        problem(send(put("again").header("If-Match", "\"1\"")), 412, "PRECONDITION_FAILED");
        problem(send(put("weak").header("If-Match", "W/\"2\"")), 412, "PRECONDITION_FAILED");
        assertThat(send(put("any").header("If-Match", "*")).statusCode()).isEqualTo(204);
        problem(send(put("bad").header("If-Match", "no quotes")), 400, "INVALID_HEADER");
    }

    @Test
    void givesAProblemToAnErrorWithoutABody() throws Exception {
        problem(send(request(NOTE).method("PATCH", noBody())), 404, "NOT_FOUND");
    }
}
