// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "security", description = "Who may call.")
@interface SecurityConfig {
    @AttributeDefinition(
            name = "desktop",
            description = "Whether programs on this machine may do everything without an API key. For one person's own machine.")
    boolean desktop() default false;
}
