// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import io.hyperspot.config.ConfigException;
import io.hyperspot.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyperspot db}: the tables of modules, while no server runs. */
@Command(name = "db", mixinStandardHelpOptions = true, description = "Show the tables of modules, and take their changes back.")
final class DbCommand {
    private static final String PERSISTENCE = "io.hyperspot.persistence";
    private static final String TOOL = PERSISTENCE + ".store.SchemaTool";
    private static final String FOLDER = "db/migration/";

    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "List the modules that keep data, the version of their tables, and the one that this installation brings.")
    int status(@Mixin HomeOption option) throws IOException {
        try (Tables tables = new Tables(option.resolve())) {
            out().printf("%-24s %-10s %s%n", "MODULE", "APPLIED", "BROUGHT");
            for (String module : tables.scripts.keySet()) {
                List<String> applied = tables.applied(module);
                out().printf("%-24s %-10s %s%n", module, applied.isEmpty() ? "-" : applied.getFirst(), tables.brought(module));
            }
        }
        return 0;
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = {
                "Take the newest changes of a module's tables back, before an older version of it is installed.",
                "What these changes had added is lost with its data. Stop every server of the database before, and make a backup.",
                "Run it with the installation that has made the changes: their way back came with them."
            })
    int rollback(
            @Mixin HomeOption option,
            @Parameters(paramLabel = "MODULE", description = "As 'hyperspot db status' lists it.") String module,
            @Option(names = "--to", paramLabel = "VERSION", description = "The version that stays; 0: none (default: the one before the newest).")
                    @Nullable String to,
            @Option(names = "--yes", description = "Do it. Without it, only say what would be done.") boolean yes)
            throws IOException, InterruptedException {
        Home home = option.resolve();
        if (yes && answers(home)) {
            throw new LaunchException("a server runs on this home; stop it first");
        }
        try (Tables tables = new Tables(home)) {
            if (!tables.scripts.containsKey(module)) {
                throw new LaunchException("no module '" + module + "' keeps data; there are: " + String.join(", ", tables.scripts.keySet()));
            }
            List<String> applied = tables.applied(module);
            String stays = to != null ? to : applied.size() > 1 ? applied.get(1) : "0";
            for (String file : tables.rollback(module, stays, yes)) {
                out().println((yes ? "taken back by " : "would be taken back by ") + file);
            }
            if (!yes) {
                out().println("Nothing was done. What these changes had added is lost with its data: run it again with --yes.");
            }
        }
        return 0;
    }

    private static boolean answers(Home home) throws InterruptedException {
        try {
            return new ServerApi().open(home, "/health/live").status() > 0;
        } catch (LaunchException e) {
            return false;
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /** The database of a home, reached by the bundle that the server reaches it by. */
    private static final class Tables implements AutoCloseable {
        /** By module, then by file. */
        private final Map<String, Map<String, String>> scripts = new TreeMap<>();

        private final IdleContainer container;
        private final AutoCloseable tool;

        Tables(Home home) throws IOException {
            container = IdleContainer.of(Installation.current(), home);
            try {
                for (Bundle bundle : container.context().getBundles()) {
                    read(bundle);
                }
                tool = tool(home.root(), configuration(home));
            } catch (IOException | RuntimeException e) {
                container.close();
                throw e;
            }
        }

        private void read(Bundle bundle) throws IOException {
            var entries = bundle.findEntries(FOLDER, "*.sql", true);
            for (URL entry : entries == null ? List.<URL>of() : Collections.list(entries)) {
                String[] path = entry.getPath().substring(entry.getPath().indexOf(FOLDER) + FOLDER.length()).split("/");
                try (InputStream in = entry.openStream()) {
                    scripts.computeIfAbsent(path[0], module -> new TreeMap<>())
                            .put(path[path.length - 1], new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }

        private static Map<String, String> configuration(Home home) throws IOException {
            Map<String, String> values = new TreeMap<>();
            if (Files.exists(home.configFile())) {
                try {
                    ConfigLoader loader = new ConfigLoader(ConfigCommand.schemas(home), System.getenv(), Map.of());
                    loader.load(home.configFile())
                            .singletons()
                            .getOrDefault("persistence", Map.of())
                            .forEach((key, value) -> values.put(key, String.valueOf(value)));
                } catch (ConfigException e) {
                    throw new LaunchException("the configuration of this home would be refused:\n" + e.getMessage(), e);
                }
            }
            return values;
        }

        private AutoCloseable tool(Path home, Map<String, String> configuration) {
            Bundle bundle = Stream.of(container.context().getBundles())
                    .filter(each -> PERSISTENCE.equals(each.getSymbolicName()))
                    .findFirst()
                    .orElseThrow(() -> new LaunchException("this installation has no bundle " + PERSISTENCE));
            return (AutoCloseable) called(() ->
                    bundle.loadClass(TOOL).getConstructor(Path.class, Map.class).newInstance(home, configuration));
        }

        /** The newest version that the installation brings. */
        String brought(String module) {
            List<String> versions = new ArrayList<>();
            for (String file : scripts.getOrDefault(module, Map.of()).keySet()) {
                if (file.startsWith("V")) {
                    versions.add(file.substring(1, file.indexOf("__")).replace('_', '.'));
                }
            }
            return versions.stream().max(Comparator.comparing(Version::parseVersion)).orElse("-");
        }

        @SuppressWarnings("unchecked") // by the contract of the tool
        List<String> applied(String module) {
            return (List<String>) called(() -> tool.getClass().getMethod("applied", String.class).invoke(tool, module));
        }

        @SuppressWarnings("unchecked") // by the contract of the tool
        List<String> rollback(String module, String to, boolean really) {
            return (List<String>) called(() -> tool.getClass()
                    .getMethod("rollback", String.class, Map.class, String.class, boolean.class)
                    .invoke(tool, module, scripts.getOrDefault(module, Map.of()), to, really));
        }

        private interface Call {
            Object on() throws ReflectiveOperationException;
        }

        /** What the tool refuses is the answer. */
        private static Object called(Call call) {
            try {
                return call.on();
            } catch (InvocationTargetException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new LaunchException(String.valueOf(cause.getMessage()), cause);
            } catch (ReflectiveOperationException e) {
                throw new LaunchException("the bundle " + PERSISTENCE + " does not fit this command: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                tool.close();
            } catch (Exception e) {
                throw new IOException("the database did not close: " + e.getMessage(), e);
            } finally {
                container.close();
            }
        }
    }
}
