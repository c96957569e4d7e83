// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the operator reads when the server is up. */
final class Greeting {
    private final Home home;
    private final URI url;

    Greeting(Home home, URI url) {
        this.home = home;
        this.url = url;
    }

    void print(PrintWriter out, Duration start, List<String> missing) {
        double seconds = start.toMillis() / 1000.0;
        if (missing.isEmpty()) {
            out.printf(Locale.ROOT, "%nHyperSpot %s is ready in %.1f s%n", Main.number(), seconds);
        } else {
            out.printf(Locale.ROOT, "%nHyperSpot %s runs, but is not ready after %.1f s:%n", Main.number(), seconds);
            missing.forEach(reason -> out.println("  - " + reason));
        }
        out.println("  API         " + url + "/openai/v1");
        out.println("  Docs        " + url + "/docs");
        out.println("  Console     " + url + "/system/console");
        out.println("  Home        " + home.root());
        file(out, "  API key     ", home.firstApiKey());
        file(out, "  Admin token ", home.adminToken());
        String model = model();
        if (model.isEmpty()) {
            out.println("  Models      local-embeddings/all-minilm-l6-v2 (embeddings); no chat model yet:");
            out.println("              'hyperspot models pull' fetches one, or configure a provider in");
            out.println("              " + home.configFile());
        }
        out.println();
        out.println("Try it:");
        out.println(model.isEmpty() ? embeddings() : chat(model));
        out.println();
        out.flush();
    }

    private static void file(PrintWriter out, String label, Path file) {
        if (Files.exists(file)) {
            out.println(label + file);
        }
    }

    /** For a shell, between single quotes. */
    private String key() {
        return home.firstApiKey().toString().replace("'", "'\\''");
    }

    private String chat(String model) {
        return "  curl " + url + "/openai/v1/chat/completions \\\n"
                + "    -H \"Authorization: Bearer $(cat '" + key() + "')\" \\\n"
                + "    -H 'Content-Type: application/json' \\\n"
                + "    -d '{\"model\":\"local/" + model
                + "\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of France?\"}]}'";
    }

    private String embeddings() {
        return "  curl " + url + "/openai/v1/embeddings \\\n"
                + "    -H \"Authorization: Bearer $(cat '" + key() + "')\" \\\n"
                + "    -H 'Content-Type: application/json' \\\n"
                + "    -d '{\"model\":\"local-embeddings/all-minilm-l6-v2\",\"input\":\"Hello\"}'";
    }

    private String model() {
        try (Stream<Path> files = Files.list(home.models())) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".gguf"))
                    .sorted()
                    .findFirst()
                    .map(f -> f.substring(0, f.length() - ".gguf".length()))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
