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

    @AttributeDefinition(name = "prices_file", description = "The operator's prices of models, which come before the shipped ones; JSON, relative to the home folder. Read again when it changes. See docs/operations.md.")
    String prices__file() default "prices.json";

    @AttributeDefinition(name = "budget_output_tokens", description = "Output tokens that are held against a budget for a call that does not limit them itself.", min = "1")
    long budget__output__tokens() default 4096;

    @AttributeDefinition(name = "budget_outage_seconds", description = "How long calls pass while the budgets cannot be asked, to be counted later; then they are answered 503.", min = "0")
    int budget__outage__seconds() default 60;

    @AttributeDefinition(name = "token_limit_tenant_per_minute", description = "Tokens of one tenant a minute, input and output together, on each server; more are answered 429. 0: no limit.", min = "0")
    long token__limit__tenant__per__minute() default 0;

    @AttributeDefinition(name = "token_limit_subject_per_minute", description = "Tokens of one key or user a minute, likewise. 0: no limit.", min = "0")
    long token__limit__subject__per__minute() default 0;
}
