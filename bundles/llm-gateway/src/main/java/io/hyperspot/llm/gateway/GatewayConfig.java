// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "llm-gateway", description = "The gateway to language models.")
@interface GatewayConfig {
    @AttributeDefinition(name = "request_timeout_seconds", description = "Longest life of a call of a model, streams included.")
    int request__timeout__seconds() default 600;

    @AttributeDefinition(name = "stream_heartbeat_seconds", description = "After this long without a token a stream sends a comment; 0: never.")
    int stream__heartbeat__seconds() default 15;

    @AttributeDefinition(name = "stream_idle_timeout_seconds", description = "Longest wait for the next token of a stream, and for the first; 0: no limit.")
    int stream__idle__timeout__seconds() default 300;
}
