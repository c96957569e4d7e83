// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.config.ConfigException;
import io.hyperspot.config.ConfigLoader;
import io.hyperspot.config.ConfigReference;
import io.hyperspot.config.Configurations;
import io.hyperspot.config.MetatypeReader;
import io.hyperspot.config.ModuleSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
import picocli.CommandLine.Parameters;
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

    /** {@code hyperspot secrets}. Values come from standard input or a file: an argument would be in lists of processes. */
    @Command(name = "secrets", mixinStandardHelpOptions = true, description = "Make, rotate and delete secrets of the caller's tenant.")
    static final class Secrets {
        private static final String PATH = "/credstore/v1/secrets";
        private static final String KEYS = "/credstore/v1/keys/rotate";

        @Spec
        private @Nullable CommandSpec spec;

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List secrets, without their values.")
        int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
            String cursor = "";
            do {
                JsonNode page = api.call(home.resolve(), "GET", PATH + cursor, null);
                page.path("items").forEach(this::print);
                String next = page.path("page_info").path("next_cursor").asText("");
                cursor = next.isEmpty() ? "" : "?$skiptoken=" + next;
            } while (!cursor.isEmpty());
            return 0;
        }

        private void print(JsonNode secret) {
            out().printf(
                            Locale.ROOT,
                            "%-32s v%-4d %-8s %-12s %s%n",
                            secret.path("reference").asText(),
                            secret.path("version").asLong(),
                            secret.path("sharing").asText(),
                            secret.path("store").asText(),
                            secret.path("is_inherited").asBoolean() ? "inherited" : "own");
        }

        @Command(name = "put", mixinStandardHelpOptions = true, description = "Make a secret; its value is read from standard input or --file.")
        int put(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "REFERENCE", description = "Its name.") String reference,
                @Option(names = "--file", paramLabel = "FILE", description = "File with the value.") @Nullable Path file,
                @Option(
                                names = "--sharing",
                                paramLabel = "SHARING",
                                defaultValue = "tenant",
                                description = "private, tenant or shared (default: ${DEFAULT-VALUE}).")
                        String sharing,
                @Option(names = "--store", paramLabel = "STORE", description = "Where the value is; one that takes no values needs none.")
                        @Nullable String store)
                throws IOException, InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("reference", reference).put("sharing", sharing);
            if (store == null || file != null) {
                request.put("value", value(file));
            }
            if (store != null) {
                request.put("store", store);
            }
            print(api.call(home.resolve(), "POST", PATH, request));
            return 0;
        }

        @Command(name = "rotate", mixinStandardHelpOptions = true, description = "Give a secret a new value, from standard input or --file.")
        int rotate(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "REFERENCE", description = "Its name.") String reference,
                @Option(names = "--file", paramLabel = "FILE", description = "File with the value.") @Nullable Path file,
                @Option(
                                names = "--previous-valid-until",
                                paramLabel = "TIME",
                                description = "Until when the value before stays valid, as 2027-01-01T00:00:00Z (default: it ends at once).")
                        @Nullable String until)
                throws IOException, InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("value", value(file));
            if (until != null) {
                request.put("previous_valid_until", until);
            }
            print(api.change(home.resolve(), "PUT", path(reference), request));
            return 0;
        }

        @Command(name = "get-metadata", mixinStandardHelpOptions = true, description = "Show a secret, without its value.")
        int metadata(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "REFERENCE", description = "Its name.") String reference)
                throws InterruptedException {
            out().println(api.call(home.resolve(), "GET", path(reference), null).toPrettyString());
            return 0;
        }

        @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a secret with all its versions.")
        int delete(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "REFERENCE", description = "Its name.") String reference)
                throws InterruptedException {
            api.change(home.resolve(), "DELETE", path(reference), api.json().createObjectNode());
            out().println("deleted " + reference);
            return 0;
        }

        @Command(name = "rotate-keys", mixinStandardHelpOptions = true, description = "Encrypt under new keys, and wait until that is done.")
        int rotateKeys(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Option(
                                names = "--kind",
                                paramLabel = "KIND",
                                defaultValue = "key_encryption",
                                description = "key_encryption or data (default: ${DEFAULT-VALUE}).")
                        String kind)
                throws InterruptedException {
            JsonNode progress = api.call(home.resolve(), "POST", KEYS, api.json().createObjectNode().put("kind", kind));
            String running = progress.path("kind").asText();
            while (progress.path("state").asText().equals("running")) {
                out().println(running + ": " + progress.path("done") + " of " + progress.path("total"));
                Thread.sleep(500);
                progress = api.call(home.resolve(), "GET", KEYS + "?kind=" + running, null);
            }
            String state = progress.path("state").asText();
            out().println(running + ": " + progress.path("done") + " of " + progress.path("total") + ", " + state);
            return state.equals("finished") ? 0 : 1;
        }

        private static String path(String reference) {
            return PATH + "/" + URLEncoder.encode(reference, StandardCharsets.UTF_8).replace("+", "%20");
        }

        /** Without the line's end that editors and echo leave. */
        private static String value(@Nullable Path file) throws IOException {
            String text = file == null
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file, StandardCharsets.UTF_8);
            return text.replaceFirst("\\r?\\n\\z", "");
        }

        private PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }
}
