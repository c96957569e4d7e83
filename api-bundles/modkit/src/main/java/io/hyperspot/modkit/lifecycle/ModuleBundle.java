// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.lifecycle;

import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Which bundles are modules of the product. */
public final class ModuleBundle {
    private static final String OURS = "io.hyperspot.";

    private ModuleBundle() {}

    /** Whether it is one of ours that does something: those that export packages are contracts and libraries. */
    public static boolean isModule(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return name != null
                && name.startsWith(OURS)
                && bundle.getHeaders("").get(Constants.EXPORT_PACKAGE) == null;
    }
}
