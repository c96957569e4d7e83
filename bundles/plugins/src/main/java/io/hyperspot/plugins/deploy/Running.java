// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.plugins.archive.PluginArchive;
import org.osgi.framework.Bundle;

/** A version whose bundle is installed. */
record Running(PluginArchive archive, Bundle bundle) {
    long id() {
        return bundle.getBundleId();
    }

    String version() {
        return archive.version().toString();
    }
}
