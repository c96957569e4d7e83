// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.environment;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "credentials-environment", description = "Secrets in environment variables, for the root tenant.")
@interface EnvironmentConfig {
    @AttributeDefinition(
            name = "prefixes",
            description = "What the names of variables begin with that may be read; the secret open-ai is in the first that is"
                    + " set of <prefix>OPEN_AI.")
    String[] prefixes() default {"HYPERSPOT_SECRET_"};
}
