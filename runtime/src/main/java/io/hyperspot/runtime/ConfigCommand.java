// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import io.hyperspot.config.ConfigException;
import io.hyperspot.config.ConfigLoader;
import io.hyperspot.config.ConfigReference;
import io.hyperspot.config.Configurations;
import io.hyperspot.config.MetatypeReader;
import io.hyperspot.config.ModuleSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hyperspot config}: works without a running server. */
@Command(name = "config", mixinStandardHelpOptions = true, description = "Check and show the configuration.")
final class ConfigCommand {
    private static final Logger log = LoggerFactory.getLogger(ConfigCommand.class);
    private static final String METATYPE = "OSGI-INF/metatype/";

    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Check a configuration file. Exit code 0: it would be taken; 1: the problems are printed.")
    int check(
            @Mixin HomeOption home,
            @Option(names = "--config", paramLabel = "FILE", description = "The file (default: <home>/config/hyperspot.yaml).")
                    @Nullable Path file)
            throws IOException {
        Path checked = file != null ? file : home.resolve().configFile();
        ConfigLoader loader = loader(home.resolve());
        load(loader, checked);
        loader.warnings().forEach(warning -> out().println("note: " + warning));
        out().println(checked + " is fine");
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show every key with its value now: set, or the default. Secrets are not shown.")
    int show(
            @Mixin HomeOption home,
            @Option(names = "--config", paramLabel = "FILE", description = "The file (default: <home>/config/hyperspot.yaml).")
                    @Nullable Path file)
            throws IOException {
        Configurations configurations =
                load(loader(home.resolve()), file != null ? file : home.resolve().configFile());
        out().print(ConfigReference.yaml(schemas(home.resolve()), configurations));
        return 0;
    }

    @Command(
            name = "reference",
            mixinStandardHelpOptions = true,
            description = "Print every key with its default and what it means.")
    int reference(
            @Option(names = "--home", paramLabel = "DIR", description = "Add the keys of this home's plugins.") @Nullable Path home,
            @Option(names = "--markdown", description = "As a Markdown document instead of YAML.") boolean markdown)
            throws IOException {
        List<ModuleSchema> schemas = schemas(home == null ? null : new Home(home));
        out().print(markdown ? ConfigReference.markdown(schemas) : ConfigReference.yaml(schemas));
        return 0;
    }

    private static Configurations load(ConfigLoader loader, Path file) throws IOException {
        try {
            return loader.load(file);
        } catch (ConfigException e) {
            throw new LaunchException("the configuration would be refused:\n" + e.getMessage(), e);
        }
    }

    private static ConfigLoader loader(Home home) throws IOException {
        return new ConfigLoader(schemas(home), System.getenv(), Map.of());
    }

    /** The keys of the installation's bundles and of the home's plugins. */
    static List<ModuleSchema> schemas(@Nullable Home home) throws IOException {
        List<ModuleSchema> schemas = new ArrayList<>();
        read(Installation.current().bundles(), schemas);
        if (home != null && Files.isDirectory(home.plugins())) {
            read(home.plugins(), schemas);
        }
        schemas.sort(Comparator.comparing(ModuleSchema::pid));
        return schemas;
    }

    private static void read(Path folder, List<ModuleSchema> into) throws IOException {
        MetatypeReader reader = new MetatypeReader();
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path file : jars.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    for (JarEntry entry : jar.stream().filter(ConfigCommand::isMetatype).toList()) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            into.addAll(reader.read(in));
                        }
                    }
                } catch (ZipException e) {
                    // a file of plugins/ that is none has no keys; the server tells of it
                    log.debug("{} is no JAR", file, e);
                }
            }
        }
    }

    private static boolean isMetatype(JarEntry entry) {
        return entry.getName().startsWith(METATYPE) && entry.getName().endsWith(".xml");
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
