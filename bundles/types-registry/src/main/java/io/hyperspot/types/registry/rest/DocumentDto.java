// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Any document, for the OpenAPI document only. */
@Schema(
        name = "TypesRegistryDocument",
        type = SchemaType.OBJECT,
        description = "A GTS type (a JSON Schema with $schema and $id) or an instance.")
interface DocumentDto {}
