// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Of everything in this bundle: one configuration has one description. */
@ObjectClassDefinition(name = "security", description = "Who may call, and sessions of people.")
public @interface SecurityConfig {
    @AttributeDefinition(
            name = "desktop",
            description = "Whether programs on this machine may do everything without an API key. For one person's own machine.")
    boolean desktop() default false;

    @AttributeDefinition(
            name = "session_idle_minutes",
            description = "A session that is not used for this long ends.",
            min = "1",
            max = "43200")
    int session__idle__minutes() default 30;

    @AttributeDefinition(
            name = "session_absolute_minutes",
            description = "A session ends this long after the login, used or not.",
            min = "1",
            max = "43200")
    int session__absolute__minutes() default 720;

    @AttributeDefinition(
            name = "sessions_per_subject",
            description = "Sessions that one person may have at once; one more ends the oldest.",
            min = "1",
            max = "1000")
    int sessions__per__subject() default 20;

    @AttributeDefinition(
            name = "session_poll_seconds",
            description = "How soon the end of a session on another server of the same database is in force here.",
            min = "1",
            max = "60")
    int session__poll__seconds() default 2;

    @AttributeDefinition(
            name = "public_url",
            description = "Where browsers reach this server, such as https://ai.example.com: login pages of others send them back there. Empty:"
                    + " as the browser's request calls it.")
    String public__url() default "";
}
