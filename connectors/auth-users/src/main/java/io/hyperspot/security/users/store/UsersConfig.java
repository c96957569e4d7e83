// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "auth-users", description = "People with a password kept here.")
@interface UsersConfig {
    @AttributeDefinition(
            name = "argon2_memory_kib",
            description = "Memory that checking one password takes, in KiB. Stored passwords follow at their next login.",
            min = "8192",
            max = "262144")
    int argon2__memory__kib() default 19_456;

    @AttributeDefinition(
            name = "argon2_iterations",
            description = "Passes over that memory.",
            min = "1",
            max = "20")
    int argon2__iterations() default 2;

    @AttributeDefinition(
            name = "checks_at_once",
            description = "Passwords that are checked at the same time; more wait for a moment, then are answered 503.",
            min = "1",
            max = "64")
    int checks__at__once() default 4;

    @AttributeDefinition(
            name = "setup_hours",
            description = "How long an invited person may take to choose a password.",
            min = "1",
            max = "720")
    int setup__hours() default 72;

    @AttributeDefinition(name = "issuer", description = "What authenticator apps call this server.")
    String issuer() default "HyperSpot";
}
