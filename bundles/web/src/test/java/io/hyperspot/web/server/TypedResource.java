// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.PublicOperation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a member of every kind. */
@Path("typed/v1")
@Produces("application/json")
@PublicOperation
@NoFeature
public class TypedResource {
    /** Two colours. */
    public enum Colour {
        RED,
        GREEN
    }

    /** Refuses some values by itself. */
    public record Inner(int deep) {
        public Inner {
            if (deep < 0) {
                throw new IllegalArgumentException("secret inside");
            }
            if (deep == 7) {
                throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "SEVEN", "seven is not taken");
            }
        }
    }

    /** Everything. */
    public record Typed(
            @Nullable UUID id,
            @Nullable URI link,
            @Nullable Duration pause,
            @Nullable Colour colour,
            @Nullable List<String> tags,
            @Nullable Map<String, Integer> sizes,
            boolean on,
            @Nullable Inner inner) {}

    /** Cannot be written. */
    public static final class Unwritable {
        public String getText() {
            return List.of("secret inside").get(1);
        }
    }

    @POST
    @Consumes("application/json")
    public Typed take(Typed typed) {
        return typed;
    }

    @GET
    @Path("unwritable")
    public Unwritable unwritable() {
        return new Unwritable();
    }
}
