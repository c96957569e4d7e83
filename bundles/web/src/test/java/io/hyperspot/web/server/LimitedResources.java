// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.PublicOperation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.concurrent.CountDownLatch;

/** REST resources with limits of their own. */
public final class LimitedResources {
    private LimitedResources() {}

    /** Limits of the class and of methods. */
    @Path("limited/v1")
    @Produces("text/plain")
    @PublicOperation
    @NoFeature
    @OperationLimits(timeoutSeconds = 1)
    public static class Limited {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);

        @GET
        @Path("late")
        public String late() throws InterruptedException {
            new CountDownLatch(1).await();
            return "";
        }

        @POST
        @Path("small")
        @Consumes("*/*")
        @OperationLimits(maxBodyBytes = 4)
        public String small(String body) {
            return body;
        }

        @GET
        @Path("one")
        @OperationLimits(maxInFlight = 1)
        public String one() throws InterruptedException {
            inside.countDown();
            leave.await();
            return "one";
        }
    }

    /** A limit that cannot be. */
    @Path("impossible/v1")
    @PublicOperation
    @NoFeature
    public static class Impossible {
        @GET
        @OperationLimits(timeoutSeconds = -1)
        public String get() {
            return "";
        }
    }
}
