// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        Installation installation = Installation.current();
        Home place = home.resolve();
        prepare(place);
        if (!noModel) {
            new DefaultModel(place).fetchIfMissing(out);
        }
        Container container = Container.boot(installation, place.bundleCache(), properties(installation, place));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
            if (!container.stop(STOP_DEADLINE)) {
                Runtime.getRuntime().halt(143);
            }
        }));
        Readiness readiness = new Readiness(container.context());
        List<String> missing = readiness.await(READY_DEADLINE);
        new Greeting(place, readiness.baseUrl()).print(out, missing);
        container.join();
        return 0;
    }

    private static void prepare(Home place) {
        try {
            place.create();
        } catch (IOException e) {
            throw new LaunchException("cannot create " + place.root() + ": " + e.getMessage() + "; choose another --home", e);
        } catch (UncheckedIOException e) {
            throw new LaunchException("cannot create " + place.root() + ": " + e.getMessage(), e);
        }
    }

    private Map<String, String> properties(Installation installation, Home place) {
        Map<String, String> properties = new HashMap<>();
        properties.put(Home.PROPERTY, place.root().toString());
        properties.put(Installation.PROPERTY, installation.root().toString());
        Path file = config != null ? config : place.config().resolve("hyperspot.yaml");
        properties.put("hyperspot.config", file.toAbsolutePath().normalize().toString());
        properties.put("hyperspot.config.explicit", String.valueOf(config != null));
        if (port != null) {
            properties.put("hyperspot.overrides", "modules.web.port");
            properties.put("hyperspot.override.modules.web.port", port.toString());
        }
        return properties;
    }
}
