// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "tenant-resolver", description = "The tree of tenants.")
@interface ResolverConfig {
    @AttributeDefinition(
            name = "worker",
            description = "Where the tenants come from: database, configured, single, or another that is installed."
                    + " Empty: the most preferred that is there, which is configured when it has a configuration, else database.")
    String worker() default "";

    @AttributeDefinition(name = "max_tenants", description = "Most tenants there may be, deleted ones included.", min = "1")
    int max__tenants() default 100_000;
}
