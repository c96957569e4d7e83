// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The npm package oidc-provider as a process of its own, where Node.js is installed. */
final class CertifiedProvider implements AutoCloseable {
    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path TARGET = Path.of("target/js");

    private final Process process;
    private final String issuer;

    private CertifiedProvider(Process process, String issuer) {
        this.process = process;
        this.issuer = issuer;
    }

    static CertifiedProvider start(String... arguments) throws IOException, InterruptedException {
        String node = onPath("node");
        String npm = onPath("npm");
        assumeTrue(node != null && npm != null, "the certified provider needs Node.js and npm");
        install(String.valueOf(npm));
        List<String> command = new ArrayList<>(List.of(String.valueOf(node), "provider.mjs"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(TARGET.toFile())
                .redirectError(TARGET.resolve("provider.log").toFile())
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the provider did not start: " + Files.readString(TARGET.resolve("provider.log")));
        }
        return new CertifiedProvider(process, line);
    }

    private static void install(String npm) throws IOException, InterruptedException {
        Files.createDirectories(TARGET);
        for (String name : List.of("package.json", "package-lock.json", "provider.mjs")) {
            Files.copy(SOURCES.resolve(name), TARGET.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Path done = TARGET.resolve("node_modules/.installed-lock.json");
        Path lock = SOURCES.resolve("package-lock.json");
        if (Files.exists(done) && Files.mismatch(lock, done) < 0) {
            return;
        }
        Process ci = new ProcessBuilder(npm, "ci", "--no-audit", "--no-fund")
                .directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(TARGET.resolve("npm.log").toFile())
                .start();
        assertThat(ci.waitFor(3, TimeUnit.MINUTES) && ci.exitValue() == 0)
                .as("npm ci: %s", Files.readString(TARGET.resolve("npm.log")))
                .isTrue();
        Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
    }

    private static @Nullable String onPath(String program) {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    String issuer() {
        return issuer;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
