// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import io.hyperspot.web.Page;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a plugin may bring. */
@Path("/acme/v1/items")
@RequiresPermission("gts.acme.shop.*:read")
@Tag(name = "acme", description = "What Acme sells.")
public final class ItemsResource {
    /** A representation. */
    public record Item(String itemName) {}

    @GET
    @Path("{id: [a-z]{3}}")
    @Operation(operationId = "getItem", summary = "Get an item")
    public Item get(@PathParam("id") String id) {
        return new Item(id);
    }

    @PUT
    @Path("/{ id }/{part}")
    @RequiresPermission("gts.acme.shop.*:write")
    @Operation(operationId = "putItem", summary = "Put an item")
    public Item put(@PathParam("id") String id, @PathParam("part") String part, Item item) {
        return item;
    }

    @GET
    @Path("all")
    @QueryOptions(filter = "item_name eq 'tea'")
    @Operation(operationId = "listItems", summary = "List items")
    public Page<Item> list(@QueryParam("sort") String sort) {
        return Page.whole(List.of(new Item(sort)));
    }

    @GET
    @PublicOperation
    @Operation(operationId = "countItems", summary = "Count the items")
    public int count() {
        return 0;
    }
}
