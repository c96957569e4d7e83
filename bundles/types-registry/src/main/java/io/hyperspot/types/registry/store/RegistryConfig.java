// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(name = "types-registry", description = "Types and instances of the Global Type System.")
@interface RegistryConfig {
    @AttributeDefinition(
            name = "profile",
            description = "Draft of the GTS specification that decides where drafts differ.",
            options = {@Option("0.11"), @Option("0.14")})
    String profile() default "0.11";

    @AttributeDefinition(
            name = "max_entities",
            description = "Most types and instances that a tenant may register, deleted ones included.")
    int max__entities() default 10_000;
}
