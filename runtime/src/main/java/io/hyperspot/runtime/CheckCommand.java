// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.config.ConfigException;
import io.hyperspot.config.ConfigLoader;
import io.hyperspot.config.Configurations;
import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import io.hyperspot.plugins.preflight.FrameworkPlatform;
import io.hyperspot.plugins.preflight.Inspector;
import io.hyperspot.plugins.preflight.Platform;
import io.hyperspot.plugins.preflight.Platform.Configuration;
import io.hyperspot.plugins.preflight.SignaturePolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyperspot plugins check}: needs no server, and runs nothing of the plugin. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Check a plugin against this distribution, without a server. Exit code 0: it would be installed and"
                + " started; 1: it would be refused, or would wait.")
final class CheckCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JAR", description = "The plugin.")
    private @Nullable Path jar;

    @Option(names = "--json", description = "Print the report as JSON, as POST /plugins/v1/preflight does.")
    private boolean asJson;

    @Option(names = "--home", paramLabel = "DIR", description = "Check it against the plugins and the configuration of a home too.")
    private @Nullable Path home;

    @Option(
            names = "--trusted-certificates",
            paramLabel = "FILE",
            description = "Demand a signature by one of these certificates (PEM).")
    private @Nullable Path trusted;

    @Override
    public Integer call() throws IOException {
        Path file = Objects.requireNonNull(jar);
        if (!Files.isRegularFile(file)) {
            throw new LaunchException("there is no file " + file);
        }
        Preflight report = report(file);
        if (asJson) {
            ObjectNode json = JSON.createObjectNode().put("accepted", report.accepted());
            json.setAll(JSON.<ObjectNode>valueToTree(report));
            json.put("text", report.text());
            out().println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } else {
            out().println(report.text());
        }
        return report.accepted() ? 0 : 1;
    }

    private Preflight report(Path file) throws IOException {
        PluginArchive archive;
        try {
            archive = PluginArchive.read(file);
        } catch (UnusableException e) {
            return Inspector.unusable(String.valueOf(e.getMessage()));
        }
        SignaturePolicy signatures =
                trusted == null ? SignaturePolicy.NONE : SignaturePolicy.of("require", trusted);
        Home checked = home == null ? null : new Home(home);
        try (IdleContainer container = IdleContainer.of(Installation.current(), checked)) {
            Platform platform = new FrameworkPlatform(
                            container.context(), FrameworkPlatform::declaredWorkers, configurations(checked))
                    .get();
            return new Inspector(() -> platform, signatures).inspect(archive, container.version(archive.id()));
        }
    }

    private static Function<String, List<Configuration>> configurations(@Nullable Home home) throws IOException {
        if (home == null || !Files.exists(home.configFile())) {
            return pid -> List.of();
        }
        Configurations loaded;
        try {
            loaded = new ConfigLoader(ConfigCommand.schemas(home), System.getenv(), Map.of()).load(home.configFile());
        } catch (ConfigException e) {
            throw new LaunchException("the configuration of this home would be refused:\n" + e.getMessage(), e);
        }
        return pid -> {
            List<Configuration> found = new ArrayList<>();
            Map<String, Object> singleton = loaded.singletons().get(pid);
            if (singleton != null) {
                found.add(new Configuration("", singleton));
            }
            loaded.instances().getOrDefault(pid, Map.of()).forEach((name, values) -> found.add(new Configuration(name, values)));
            return found;
        };
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
