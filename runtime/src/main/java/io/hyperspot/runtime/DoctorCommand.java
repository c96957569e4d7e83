// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import io.hyperspot.config.ConfigException;
import io.hyperspot.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hyperspot doctor}: looks for what keeps a server from starting or serving. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Look for what would keep the server from starting. Exit code 0: nothing; 1: something.")
final class DoctorCommand implements Callable<Integer> {
    private static final int PORT = 8087;
    private static final long ROOM = 1_000_000_000L;

    @Mixin
    private HomeOption home = new HomeOption();

    @Spec
    private @Nullable CommandSpec spec;

    private boolean healthy = true;

    @Override
    public Integer call() throws Exception {
        Home place = home.resolve();
        say(Runtime.version().feature() >= 25, "Java " + Runtime.version(), "install a JDK 25 or newer");
        checkHome(place);
        checkConfig(place);
        checkPort(place);
        checkModel(place);
        return healthy ? 0 : 1;
    }

    private void checkHome(Home place) {
        try {
            place.create();
            Path probe = Files.createTempFile(place.data(), "doctor", ".tmp");
            Files.delete(probe);
            long free = Files.getFileStore(place.root()).getUsableSpace();
            say(true, "home " + place.root() + " can be written", "");
            say(free > ROOM, "free space there: " + free / 1_000_000 + " MB", "models and data need at least 1 GB");
        } catch (IOException e) {
            say(false, "home " + place.root() + " cannot be written: " + LaunchException.reason(e), "mend it, or choose another --home");
        } catch (LaunchException e) {
            say(false, String.valueOf(e.getMessage()), "");
        }
    }

    private void checkConfig(Home place) throws IOException {
        try {
            new ConfigLoader(ConfigCommand.schemas(place), System.getenv(), Map.of()).load(place.configFile());
            say(true, "configuration " + place.configFile() + " is fine", "");
        } catch (ConfigException e) {
            say(false, "the configuration would be refused:\n" + e.getMessage(), "mend the file; 'hyperspot config reference' lists the keys");
        }
    }

    private void checkPort(Home place) {
        if (Files.exists(place.address())) {
            say(true, "a server runs on this home, or was killed: see 'hyperspot status'", "");
            return;
        }
        try (ServerSocket socket = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress())) {
            say(true, "port " + socket.getLocalPort() + " is free", "");
        } catch (IOException e) {
            say(false, "port " + PORT + " is in use", "stop what uses it, or run with --port");
        }
    }

    private void checkModel(Home place) throws IOException {
        if (!Files.isDirectory(place.models())) {
            return;
        }
        try (Stream<Path> files = Files.list(place.models())) {
            boolean any = files.anyMatch(f -> f.toString().endsWith(".gguf"));
            // a server without a local model is a server all the same
            out().println(any ? "ok    a local chat model is there" : "note  no local chat model; 'hyperspot models pull' fetches one");
        }
    }

    private void say(boolean ok, String finding, String remedy) {
        healthy &= ok;
        out().println((ok ? "ok    " : "FAIL  ") + finding + (ok || remedy.isEmpty() ? "" : "\n      -> " + remedy));
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
