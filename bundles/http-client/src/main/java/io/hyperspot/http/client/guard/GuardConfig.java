// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "http-client",
        description = "Requests to URLs that users supply: callbacks, webhooks, tools, downloads.")
@interface GuardConfig {
    @AttributeDefinition(name = "allowed_ports", description = "TCP ports that user-supplied URLs may name.")
    String[] allowed__ports() default {"80", "443"};

    @AttributeDefinition(
            name = "max_in_flight",
            description = "Such requests at work at once; more fail at once as overloaded.",
            min = "1")
    int max__in__flight() default 256;
}
