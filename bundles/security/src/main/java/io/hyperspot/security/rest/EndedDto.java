// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many sessions were ended, on the wire. */
@Schema(name = "EndedSessions", description = "How many sessions were ended.")
public record EndedDto(@Schema(description = "Those that could be used until now.") int ended) {}
