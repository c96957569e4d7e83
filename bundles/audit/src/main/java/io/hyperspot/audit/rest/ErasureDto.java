// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What was erased, on the wire. */
@Schema(name = "AuditErasure", description = "What was erased.")
public record ErasureDto(@Schema(description = "Keys that were destroyed; 0: nothing was recorded of that person.") int keys) {}
