// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.database;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "tenants-database", description = "Tenants in the database.")
@interface DatabaseConfig {
    @AttributeDefinition(
            name = "poll_seconds",
            description = "How often it is looked whether another server has changed the tenants; 0: never, for a single server.",
            min = "0")
    int poll__seconds() default 5;
}
