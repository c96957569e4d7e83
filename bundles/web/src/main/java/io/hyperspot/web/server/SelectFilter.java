// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.Page;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Leaves only the members that {@code $select} names in the items of a page. */
final class SelectFilter implements ContainerResponseFilter {
    private final ObjectMapper json;

    SelectFilter(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String select = request.getUriInfo().getQueryParameters().getFirst("$select");
        if (select == null || !(response.getEntity() instanceof Page<?> page)) {
            return;
        }
        Set<String> wanted = new LinkedHashSet<>();
        for (String name : select.split(",", -1)) {
            wanted.add(name.strip());
        }
        List<JsonNode> items = new ArrayList<>();
        Set<String> found = new LinkedHashSet<>();
        for (Object item : page.items()) {
            ObjectNode whole = json.valueToTree(item);
            whole.fieldNames().forEachRemaining(found::add);
            items.add(whole.retain(wanted));
        }
        if (!items.isEmpty() && found.stream().noneMatch(wanted::contains)) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_QUERY",
                    "$select names no member of these items; they have " + String.join(", ", found));
        }
        response.setEntity(new Page<>(items, page.pageInfo()));
    }
}
