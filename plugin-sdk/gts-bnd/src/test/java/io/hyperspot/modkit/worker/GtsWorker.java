// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import org.osgi.service.component.annotations.ComponentPropertyType;

/** Stands for the contract's, which is built with this plugin and so cannot be here. */
@ComponentPropertyType
public @interface GtsWorker {
    String PREFIX_ = "gts.";

    String type();

    String instance();

    int priority() default 100;
}
