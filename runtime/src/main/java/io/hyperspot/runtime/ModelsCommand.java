// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyperspot models}. */
@Command(name = "models", mixinStandardHelpOptions = true, description = "Show the models that can be used; fetch local ones.")
final class ModelsCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the running server's models, or the local files when none runs.")
    int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException, IOException {
        Home place = home.resolve();
        PrintWriter out = out();
        if (api.named() || Files.exists(place.address())) {
            for (JsonNode model : api.call(place, "GET", "/openai/v1/models", null).path("data")) {
                out.println(model.path("id").asText());
            }
            return 0;
        }
        if (!Files.isDirectory(place.models())) {
            out.println("no models yet; 'hyperspot models pull' fetches the default one");
            return 0;
        }
        try (Stream<Path> files = Files.list(place.models())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".gguf")).sorted().toList()) {
                String name = file.getFileName().toString();
                out.printf(
                        Locale.ROOT,
                        "local/%s  %d MB%n",
                        name.substring(0, name.length() - ".gguf".length()),
                        Files.size(file) / 1_000_000);
            }
        }
        return 0;
    }

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = "Fetch a model into <home>/models; resumes what an earlier try left.")
    int pull(
            @Mixin HomeOption home,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "MODEL",
                            defaultValue = DefaultModel.NAME,
                            description = "A known name, or path or URL of a .gguf file (default: ${DEFAULT-VALUE}).")
                    String model,
            @Option(names = "--sha256", paramLabel = "HEX", description = "The file's checksum, to be verified.")
                    @Nullable String sha256) {
        Home place = home.resolve();
        place.create();
        ModelDownload download = new ModelDownload(place.models(), out());
        Path file;
        try {
            file = model.equals(DefaultModel.NAME) ? download.fetch(DefaultModel.SOURCE) : download.fetch(model, sha256);
        } catch (IOException e) {
            throw new LaunchException("the model was not fetched: " + LaunchException.reason(e), e);
        }
        out().println("fetched " + file);
        return 0;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
