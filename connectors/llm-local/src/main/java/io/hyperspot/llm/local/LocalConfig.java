// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "llm-local", description = "Chat models that run on this machine, from GGUF files.")
@interface LocalConfig {
    @AttributeDefinition(
            name = "models_dir",
            description = "Folder with *.gguf files; empty: the folder models of the home directory.")
    String models__dir() default "";

    @AttributeDefinition(
            name = "context_tokens",
            description = "Longest prompt and answer together, in tokens; a model's own limit applies too.",
            min = "64")
    int context__tokens() default 2048;

    @AttributeDefinition(
            name = "max_tokens",
            description = "Longest answer in tokens when a request does not say.",
            min = "1")
    int max__tokens() default 512;

    @AttributeDefinition(
            name = "max_pending",
            description = "Calls that may wait or run at once; more are answered 503.",
            min = "1")
    int max__pending() default 16;

    @AttributeDefinition(name = "threads", description = "Threads for inference; 0: one a processor.", min = "0")
    int threads() default 0;

    @AttributeDefinition(
            name = "idle_stop_seconds",
            description = "The model is unloaded when it was not used for so long; 0: never.",
            min = "0")
    int idle__stop__seconds() default 600;

    @AttributeDefinition(
            name = "load_timeout_seconds",
            description = "Longest time until the process is ready, or reacts to a cancellation while it loads.",
            min = "1")
    int load__timeout__seconds() default 120;
}
