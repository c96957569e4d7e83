// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.routes;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
        name = "llm-route",
        description = "A name for several models, of which one answers; clients call it route/{name}.")
@interface RouteConfig {
    @AttributeDefinition(
            name = "models",
            description = "The models by their ids, {provider}/{model}. When one fails before its answer has begun,"
                    + " the next is asked.")
    String[] models() default {};

    @AttributeDefinition(
            name = "strategy",
            description = "Which is asked first: order: as they are listed; weighted: by chance, as their weights say;"
                    + " fastest: the one whose answers began soonest of late.",
            options = {@Option("order"), @Option("weighted"), @Option("fastest")})
    String strategy() default "order";

    @AttributeDefinition(
            name = "weights",
            description = "One whole number a model, for strategy weighted; 0: only when the others fail. Empty: all alike.")
    int[] weights() default {};
}
