// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Tries each tool once, when it is first asked for: that it is there does not mean that it works. Thread-safe. */
final class LinuxTools implements Tools {
    private static final long PROBE_SECONDS = 2;
    private static final long PROBE_BYTES = 1L << 30;
    /** Prints the limits of its own control group, if that is of the second version. */
    private static final String SHOW_LIMITS =
            "g=/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup); cat \"$g/memory.max\"; cat \"$g/cpu.max\"";

    private final Map<List<String>, Optional<String>> tried = new ConcurrentHashMap<>();

    @Override
    public boolean setpriv() {
        return output("setpriv", "--pdeathsig", "KILL", "true").isPresent();
    }

    @Override
    public boolean prlimit() {
        return output("prlimit", "--as=" + PROBE_BYTES, "true").isPresent();
    }

    @Override
    public boolean taskset() {
        return !processors().isEmpty()
                && output("taskset", "-c", String.valueOf(processors().getFirst()), "true").isPresent();
    }

    @Override
    public Scope scope() {
        return output("systemd-run", "--user", "--scope", "--quiet", "--collect",
                        "-p", "MemoryMax=" + PROBE_BYTES, "-p", "CPUQuota=100%", "sh", "-c", SHOW_LIMITS)
                .map(LinuxTools::scope)
                .orElse(Scope.NONE);
    }

    static Scope scope(String limits) {
        List<String> lines = limits.lines().toList();
        return new Scope(
                lines.contains(String.valueOf(PROBE_BYTES)),
                lines.stream().anyMatch(line -> line.matches("([0-9]+) \\1")));
    }

    @Override
    public List<Integer> processors() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .findFirst()
                    .map(line -> numbers(line.substring(line.indexOf(':') + 1).strip()))
                    .orElse(List.of());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The numbers of a list such as 0-3,8. */
    static List<Integer> numbers(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /** What a command prints when it works. */
    private Optional<String> output(String... command) {
        return tried.computeIfAbsent(List.of(command), LinuxTools::tryOut);
    }

    private static Optional<String> tryOut(List<String> command) {
        if (Executables.find(command.getFirst()).isEmpty()) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return process.exitValue() == 0
                    ? Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
