// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "audit", description = "The trail of security-relevant acts.")
@interface AuditConfig {
    @AttributeDefinition(
            name = "retention_days",
            description = "After how many days records are removed, oldest first, unless the tenant's trail is held; 0: never.",
            min = "0")
    int retention__days() default 0;

    @AttributeDefinition(
            name = "heads_seconds",
            description = "How often the signed end of each trail that has grown is written to data/audit-heads, which shows"
                    + " records that were cut off in the database.",
            min = "1")
    int heads__seconds() default 60;
}
