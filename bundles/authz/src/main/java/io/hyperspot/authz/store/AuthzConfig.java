// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "authz", description = "Roles, bindings and policies.")
@interface AuthzConfig {
    @AttributeDefinition(
            name = "poll_seconds",
            description = "How soon a change of roles or policies on another server of the same database is in force here.",
            min = "1")
    int poll__seconds() default 5;
}
