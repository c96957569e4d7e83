// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.process.manager.Node;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The machine as the API shows it. */
@Schema(name = "Node", description = "The machine, as far as the process may use it.")
public record NodeDto(
        String host,
        String os,
        String architecture,
        @Schema(description = "Version of the Java runtime") String java,
        @Schema(description = "Processors that the process may use") int processors,
        @Schema(description = "Load of the last minute; negative where it is not known") double load,
        @JsonProperty("memory_bytes") @Schema(name = "memory_bytes", description = "Of the machine, or the container's limit")
                long memoryBytes,
        @JsonProperty("memory_free_bytes") @Schema(name = "memory_free_bytes") long memoryFreeBytes,
        @JsonProperty("heap_max_bytes") @Schema(name = "heap_max_bytes") long heapMaxBytes,
        @JsonProperty("disk_free_bytes") @Schema(name = "disk_free_bytes", description = "Where the home folder is")
                long diskFreeBytes,
        @Schema(description = "Names of the GPUs that the system tells of") List<String> gpus) {
    static NodeDto of(Node node) {
        return new NodeDto(
                node.host(),
                node.os(),
                node.architecture(),
                node.java(),
                node.processors(),
                node.load(),
                node.memoryBytes(),
                node.memoryFreeBytes(),
                node.heapMaxBytes(),
                node.diskFreeBytes(),
                node.gpus());
    }
}
