// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(name = "logging", description = "What is logged, and where.")
@interface LoggingConfig {
    @AttributeDefinition(
            name = "level",
            description = "Level of HyperSpot's own loggers.",
            options = {
                @Option(label = "ERROR", value = "ERROR"),
                @Option(label = "WARN", value = "WARN"),
                @Option(label = "INFO", value = "INFO"),
                @Option(label = "DEBUG", value = "DEBUG"),
                @Option(label = "TRACE", value = "TRACE")
            })
    String level() default "INFO";

    @AttributeDefinition(name = "levels", description = "Levels of single loggers, for example io.hyperspot.web=DEBUG.")
    String[] levels() default {};

    @AttributeDefinition(name = "file", description = "Whether logs/hyperspot.log is written, one JSON object a line.")
    boolean file() default true;

    @AttributeDefinition(name = "max_file_mb", description = "Size in MB at which a log file is closed and a new one begun.")
    int max__file__mb() default 50;

    @AttributeDefinition(name = "keep_days", description = "Days that closed log files are kept.")
    int keep__days() default 14;

    @AttributeDefinition(name = "total_mb", description = "Size in MB of all log files together; the oldest go first.")
    int total__mb() default 500;
}
