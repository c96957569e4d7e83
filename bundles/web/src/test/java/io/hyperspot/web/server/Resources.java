// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.RequiresFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ContextResolver;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** REST resources of bundles in tests. */
public final class Resources {
    private Resources() {}

    /** An item. */
    public record Item(String itemName, int howMany, @Nullable Instant createdAt) {}

    /** Does everything right. */
    @Path("things/v1/items")
    @Produces("application/json")
    @RequiresPermission("gts.hyperspot.test.*:read")
    @NoFeature
    public static class Items {
        private final String version;

        /** Counts down when a request has come in that waits. */
        final CountDownLatch arrived = new CountDownLatch(1);

        final CountDownLatch leave = new CountDownLatch(1);

        public Items(String version) {
            this.version = version;
        }

        @GET
        public Page<Item> list(@QueryParam("limit") int limit) {
            return Page.whole(List.of(new Item("a", limit, Instant.parse("2026-01-02T03:04:05Z")), new Item("b", 2, null)));
        }

        @GET
        @Path("{id: .+}")
        public Item get(@PathParam("id") String id) {
            return new Item(id, 1, null);
        }

        @POST
        @Consumes("application/json")
        @RequiresPermission("gts.hyperspot.test.*:write")
        public Response create(Item item) {
            return Response.created(URI.create("/things/v1/items/" + item.itemName())).entity(item).build();
        }

        @DELETE
        @Path("{id}")
        public void delete(@PathParam("id") String id) {
            switch (id) {
                case "missing" -> throw new ProblemException(ErrorCategory.NOT_FOUND, "ITEM_NOT_FOUND", "there is no such item");
                case "conflict" -> throw new WebApplicationException(Response.status(409).build());
                case "limited" -> throw new WebApplicationException(Response.status(429).build());
                case "moved" -> throw new WebApplicationException(
                        Response.seeOther(URI.create("/things/v1/items")).build());
                case "broken" -> throw new IllegalStateException("secret inside");
                default -> {}
            }
        }

        @GET
        @Path("version")
        @PublicOperation
        public String version() {
            return "\"" + version + "\"";
        }

        @GET
        @Path("caller")
        public Item caller(@Context SecurityContext caller) {
            return new Item(caller.subject(), 0, null);
        }

        @GET
        @Path("slow")
        public String slow() throws InterruptedException {
            arrived.countDown();
            leave.await();
            return "\"" + version + "\"";
        }

        @GET
        @Path("later")
        public void later(@Suspended AsyncResponse response) {
            Thread.ofVirtual().start(() -> response.resume(new Item("later", 1, null)));
        }

        @GET
        @Path("never")
        public void never(@Suspended AsyncResponse response) {
            // nobody resumes it
        }

        @GET
        @Path("numbers/{n: \\d+}")
        public Item number(@PathParam("n") int n) {
            return new Item("n", n, null);
        }
    }

    /** One of its methods forgets who may call it. */
    @Path("careless/v1")
    public static class Careless {
        @GET
        @PublicOperation
        @NoFeature
        public String good() {
            return "";
        }

        @DELETE
        @NoFeature
        public void forgotten() {}
    }

    /** Forgets the licence. */
    @Path("unlicensed/v1")
    @PublicOperation
    public static class Unlicensed {
        @GET
        public String forgotten() {
            return "";
        }
    }

    /** Hides its operations behind a locator. */
    @Path("locator/v1")
    @PublicOperation
    @NoFeature
    public static class Locator {
        @Path("below")
        public Object below() {
            return new Object();
        }
    }

    /** Needs a feature. */
    @Path("licensed/v1")
    @PublicOperation
    @RequiresFeature("gts.hyperspot.core.lic.feat.v1~hyperspot.test.x.y.v1")
    public static class Licensed {
        @GET
        public String get() {
            return "licensed";
        }
    }

    /** An extension, so that its bundle's application is built again. */
    public static class Extension implements ContextResolver<String> {
        @Override
        public String getContext(Class<?> type) {
            return "";
        }
    }
}
