// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.types.registry.store.Json;
import io.hyperspot.types.registry.store.Owner;
import io.hyperspot.types.registry.store.Registered;
import io.hyperspot.types.registry.store.Registry;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Takes the documents of a tenant out and in again, as JSON or YAML. Public, because Jersey calls it by reflection. */
@Component(service = TransferResource.class)
@JakartarsResource
@Path("/types-registry/v1")
@RequiresPermission("gts.hyperspot.core.types_registry.*:read")
@NoFeature
@Tag(name = "types-registry")
public final class TransferResource {
    private static final String YAML = "application/yaml";
    private static final int MOST = 10_000;

    private final Registry registry;
    private final YAMLMapper yaml = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build())
            .build();

    @Activate
    public TransferResource(@Reference Registry registry) {
        this.registry = registry;
    }

    /** Exports. */
    @GET
    @Path("export")
    @Produces({MediaType.APPLICATION_JSON, YAML})
    @Operation(
            operationId = "exportTypesRegistry",
            summary = "Export types and instances",
            description = "The documents that the caller's tenant registered itself, in an order in which they can be registered"
                    + " again; with scope=all also those that it only sees.")
    @APIResponse(
            responseCode = "200",
            description = "The documents.",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = DocumentDto[].class)),
                @Content(mediaType = YAML, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(responseCode = "400", description = "A query parameter is malformed.")
    public Response export(
            @Context SecurityContext ctx,
            @Parameter(description = "A GTS id or pattern; without it everything") @QueryParam("pattern")
                    @Nullable String pattern,
            @Parameter(description = "tenant (default) or all") @QueryParam("scope") @Nullable String scope,
            @Parameter(description = "json or yaml; without it as Accept says") @QueryParam("format")
                    @Nullable String format,
            @HeaderParam("Accept") @Parameter(hidden = true) @Nullable String accept)
            throws IOException {
        boolean all = all(scope);
        EntityFilter filter =
                new EntityFilter(EntityFilter.pattern(pattern), null, null, null, null, null, false);
        List<Registered> entities = registry.store().current().view(ctx.tenant()).all().stream()
                .filter(filter::accepts)
                .filter(entity -> all || entity.owner().equals(new Owner.OfTenant(ctx.tenant())))
                .toList();
        ArrayNode documents = JsonNodeFactory.instance.arrayNode();
        // Ordered by id, a type stands before what derives from it.
        entities.stream().filter(entity -> entity.document().isType()).forEach(entity -> documents.add(entity.document().content()));
        entities.stream().filter(entity -> !entity.document().isType()).forEach(entity -> documents.add(entity.document().content()));
        boolean asYaml = format == null ? accept != null && accept.contains("yaml") : yaml(format);
        return asYaml
                ? Response.ok(yaml.writeValueAsBytes(documents), YAML).build()
                : Response.ok(documents.toString(), MediaType.APPLICATION_JSON).build();
    }

    /** Imports. */
    @POST
    @Path("import")
    @Consumes({MediaType.APPLICATION_JSON, YAML})
    @Produces(MediaType.APPLICATION_JSON)
    @RequiresPermission(EntitiesResource.WRITE)
    @OperationLimits(maxBodyBytes = 16 << 20)
    @Operation(
            operationId = "importTypesRegistry",
            summary = "Import types and instances",
            description = "Registers a list of documents, as an export gives it: all or, when one is refused, none.")
    @RequestBody(
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = DocumentDto[].class)),
                @Content(mediaType = YAML, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(responseCode = "200", description = "What came of each.")
    @APIResponse(responseCode = "400", description = "The body is no list of documents.")
    @APIResponse(responseCode = "422", description = "At least one was refused and nothing is registered; 'results' says why.")
    public RegistrationDto importAll(
            @Context SecurityContext ctx,
            @HeaderParam("Content-Type") @Parameter(hidden = true) @Nullable String contentType,
            @Parameter(description = "true: check only") @QueryParam("dry_run") @Nullable String dryRun,
            byte[] body) {
        JsonNode documents = read(body, contentType != null && contentType.contains("yaml"));
        if (!documents.isArray() || documents.size() > MOST) {
            throw malformed("send a list of at most " + MOST + " documents");
        }
        List<JsonNode> list = new ArrayList<>(documents.size());
        documents.forEach(list::add);
        return Registrations.register(
                registry.store(), ctx, list, true, Boolean.TRUE.equals(EntityFilter.flag("dry_run", dryRun)));
    }

    private JsonNode read(byte[] body, boolean isYaml) {
        try {
            // Through JSON, so that both are bounded and read alike.
            return isYaml ? Json.read(yaml.readTree(body).toString()) : Json.read(body);
        } catch (JacksonException e) {
            throw malformed(isYaml ? "the body is not YAML: " + e.getOriginalMessage() : "the body is " + Json.reason(e));
        } catch (IOException e) {
            throw malformed("the body is not readable: " + e.getMessage());
        }
    }

    private static boolean all(@Nullable String scope) {
        return switch (scope) {
            case null -> false;
            case "tenant" -> false;
            case "all" -> true;
            default -> throw EntityFilter.invalid("scope", "tenant or all", scope);
        };
    }

    private static boolean yaml(String format) {
        return switch (format) {
            case "yaml" -> true;
            case "json" -> false;
            default -> throw EntityFilter.invalid("format", "json or yaml", format);
        };
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "TYPES_REGISTRY_INVALID_REQUEST", detail + ".");
    }
}
