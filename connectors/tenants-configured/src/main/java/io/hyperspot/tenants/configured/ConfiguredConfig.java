// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.configured;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "tenants-configured",
        description = "Tenants that stand in the configuration. While any does, they are the tenants.")
@interface ConfiguredConfig {
    @AttributeDefinition(
            name = "tenants",
            description = "The tenants below the root, one an entry: id=UUID; name=NAME, and as needed parent=UUID (default:"
                    + " the root), type=WORD, status=active|suspended|deleted, self_managed=true|false.")
    String[] tenants() default {};
}
