// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Looks at the machine that the server runs on. Thread-safe. */
@Component(service = NodeInventory.class)
public final class NodeInventory {
    private final Path home;

    @Activate
    public NodeInventory(BundleContext context) {
        String property = context.getProperty("hyperspot.home");
        home = Path.of(property == null ? "." : property);
    }

    /** The machine as it is now. */
    public Node now() {
        return Node.now(home);
    }
}
