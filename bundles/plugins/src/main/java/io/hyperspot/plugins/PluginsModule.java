// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import io.hyperspot.modkit.HealthContributor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Follows the folder {@code plugins/} of the home. Immediate: nobody asks for it. Plugins stay
 * installed when this bundle goes, so that it can be replaced like any other.
 */
@Component(immediate = true, service = {HealthContributor.class, PluginsModule.class})
public final class PluginsModule implements HealthContributor {
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("plugins").factory());
    private final PluginBoard board;
    private final DropFolder folder;

    /**
     * @throws IOException when the folder cannot be made or watched
     */
    @Activate
    public PluginsModule(BundleContext context) throws IOException {
        String home = context.getProperty("hyperspot.home");
        board = new PluginBoard(new Installer(context), threads, Clock.systemUTC());
        folder = new DropFolder(Path.of(home == null ? "." : home, "plugins"), board);
        folder.open();
    }

    @Deactivate
    void deactivate() {
        folder.close();
        threads.shutdown();
    }

    /** Every file of the folder with its state, ordered by name. */
    public List<Plugin> plugins() {
        return board.plugins();
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public Health health() {
        if (!board.isSettled()) {
            return Health.down("the plugins of the folder plugins/ are being started");
        }
        String trouble = plugins().stream()
                .filter(plugin -> plugin.state() == PluginState.REJECTED || plugin.state() == PluginState.WAITING)
                .map(plugin -> plugin.file() + ": " + plugin.reason())
                .collect(Collectors.joining("; "));
        return trouble.isEmpty() ? Health.up() : Health.degraded(trouble);
    }
}
