// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

/**
 * What all calls of one client protocol have in common.
 *
 * @param name one of the protocols of {@link io.hyperspot.llm.spi.WireWorker}
 * @param usage how its answers tell what was used
 * @param errorEvent the name of an event whose data is an error document; empty: it has none
 */
public record Protocol(String name, UsageFormat usage, String errorEvent) {}
