// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Declares a DS component as a worker. Becomes the service properties {@code gts.type}, {@code
 * gts.instance} and {@code gts.priority}.
 *
 * <p>{@code @GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE +
 * "acme.llm.openai.{name}.v1")}: for a factory component, <code>{name}</code> stands for the
 * configuration's {@code instance.name}, with dashes as underscores.
 */
@ComponentPropertyType
public @interface GtsWorker {
    String PREFIX_ = "gts.";

    /** The GTS type that the worker implements, with its closing {@code ~}. */
    String type();

    /** The well-known instance id; unique in the system. */
    String instance();

    /** The lowest is preferred. */
    int priority() default 100;
}
