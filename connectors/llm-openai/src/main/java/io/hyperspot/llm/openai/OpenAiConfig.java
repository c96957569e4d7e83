// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "llm-openai",
        description = "Providers that speak OpenAI's REST API, one an instance; its name is the first part of its"
                + " models' ids.")
@interface OpenAiConfig {
    @AttributeDefinition(
            name = "base_url",
            description = "Where the provider's API begins, for example https://api.openai.com/v1.")
    String base__url();

    @AttributeDefinition(
            name = "api_key",
            description = "Sent as bearer token; empty or 'none': nothing is sent. Best as ${secret:NAME}, ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _api__key() default "";

    @AttributeDefinition(
            name = "models",
            description = "Names of the models to offer. Empty: the list that the provider gives at {base_url}/models.")
    String[] models() default {};

    @AttributeDefinition(
            name = "allow_unlisted",
            description = "Whether requests for models that are not listed are passed on to the provider.")
    boolean allow__unlisted() default false;

    @AttributeDefinition(
            name = "responses",
            description = "Whether the provider has the Responses API, as OpenAI itself does; else its requests are"
                    + " translated into chat completions.")
    boolean responses() default false;

    @AttributeDefinition(
            name = "models_refresh_seconds",
            description = "How often the list of models is read again; sooner after a failure.",
            min = "1")
    int models__refresh__seconds() default 60;

    @AttributeDefinition(name = "organization", description = "Sent as OpenAI-Organization; empty: not sent.")
    String organization() default "";

    @AttributeDefinition(name = "project", description = "Sent as OpenAI-Project; empty: not sent.")
    String project() default "";

    @AttributeDefinition(
            name = "connect_timeout_seconds",
            description = "Until there must be a connection, TLS included.",
            min = "1")
    int connect__timeout__seconds() default 5;

    @AttributeDefinition(
            name = "first_byte_timeout_seconds",
            description = "From the request to the head of the answer; a long answer that is not streamed needs it.",
            min = "1")
    int first__byte__timeout__seconds() default 300;

    @AttributeDefinition(
            name = "idle_timeout_seconds",
            description = "The longest silence within an answer.",
            min = "1")
    int idle__timeout__seconds() default 120;

    @AttributeDefinition(
            name = "total_timeout_seconds",
            description = "The longest time from a request to the end of its answer, streams included.",
            min = "1")
    int total__timeout__seconds() default 1800;

    @AttributeDefinition(
            name = "max_connections",
            description = "Connections to the provider at once; a request beyond waits for the connect timeout, then"
                    + " is answered 503.",
            min = "1")
    int max__connections() default 10_000;

    @AttributeDefinition(
            name = "retries",
            description = "How often a request is sent again when no connection came about; reading the provider's"
                    + " data also when it is overloaded. A chat request that may have arrived is never sent twice.",
            min = "0")
    int retries() default 2;

    @AttributeDefinition(
            name = "breaker_failures",
            description = "Failures in a row after which the provider is left alone for a while; 0: never.",
            min = "0")
    int breaker__failures() default 5;

    @AttributeDefinition(
            name = "breaker_open_seconds",
            description = "How long it is left alone, before one request tries whether it answers again.",
            min = "1")
    int breaker__open__seconds() default 5;
}
