// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.file;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "licenses-file",
        description = "Licenses that stand in the configuration. While it has an entry here, nothing else is licensed.")
@interface FileConfig {
    @AttributeDefinition(
            name = "licenses",
            description = "The licenses, one an entry: tenant=UUID, or tenant=* for all that have none of their own;"
                    + " features=GTS ids of features or patterns of them, separated by spaces; and as needed"
                    + " expires=2027-01-31T00:00:00Z.")
    String[] licenses() default {};
}
