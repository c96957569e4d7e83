// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "embeddings-minilm",
        description = "Embeddings that are computed on this machine, by all-MiniLM-L6-v2.")
@interface MiniLmConfig {
    @AttributeDefinition(
            name = "max_pending",
            description = "Calls that may wait or run at once; more are answered 503.",
            min = "1")
    int max__pending() default 64;

    @AttributeDefinition(name = "threads", description = "Threads for inference; 0: one a processor, at most 4.", min = "0")
    int threads() default 0;

    @AttributeDefinition(
            name = "idle_stop_seconds",
            description = "The model is unloaded when it was not used for so long; 0: never.",
            min = "0")
    int idle__stop__seconds() default 600;

    @AttributeDefinition(
            name = "load_timeout_seconds",
            description = "Longest time until the model is loaded.",
            min = "1")
    int load__timeout__seconds() default 60;
}
