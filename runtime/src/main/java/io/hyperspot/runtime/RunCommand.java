// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hyperspot run}: starts the server in the foreground. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Start the server in the foreground; Ctrl-C stops it.")
final class RunCommand implements Callable<Integer> {
    private static final Duration READY_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(9);

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (default: <home>/config/hyperspot.yaml).")
    private @Nullable Path config;

    @Option(names = "--port", paramLabel = "N", description = "HTTP port; 0 takes a free one (default: 8087 or the configuration's).")
    private @Nullable Integer port;

    @Option(names = "--no-model", description = "Do not fetch the default chat model.")
    private boolean noModel;

    @Option(names = "--exit-when-ready", hidden = true, description = "Stop as soon as the server answers: writes the start-up cache.")
    private boolean exitWhenReady;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Home place = home.resolve();
        long fetching = System.nanoTime();
        place.create();
        if (!noModel) {
            new DefaultModel(place).fetchIfMissing(out);
        }
        Duration fetched = Duration.ofNanos(System.nanoTime() - fetching);
        Server server = Server.start(Installation.current(), place, settings());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
            if (!server.stop(STOP_DEADLINE)) {
                Runtime.getRuntime().halt(143);
            }
        }));
        List<String> missing = server.awaitReady(READY_DEADLINE);
        Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        new Greeting(place, server.url()).print(out, uptime.minus(fetched), missing);
        if (exitWhenReady) {
            server.close();
        }
        server.join();
        return 0;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        if (config != null) {
            settings.put("hyperspot.config", config.toAbsolutePath().normalize().toString());
            settings.put("hyperspot.config.explicit", "true");
        }
        if (port != null) {
            settings.put("hyperspot.overrides", "modules.web.port");
            settings.put("hyperspot.override.modules.web.port", port.toString());
        }
        return settings;
    }
}
