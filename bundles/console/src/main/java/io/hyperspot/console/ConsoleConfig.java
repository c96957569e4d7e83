// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "console", description = "The web console at /system/console.")
@interface ConsoleConfig {
    @AttributeDefinition(
            name = "allow_remote",
            description = "Whether the console answers peers that are not on this machine. Use TLS when you turn it on.")
    boolean allow__remote() default false;

    @AttributeDefinition(name = "idle_minutes", description = "Minutes without a request after which a session ends.")
    int idle__minutes() default 30;

    @AttributeDefinition(name = "session_hours", description = "Hours after which a session ends in any case.")
    int session__hours() default 12;
}
