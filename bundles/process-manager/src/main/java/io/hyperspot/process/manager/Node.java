// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine, as far as the process may use it.
 *
 * @param host its name, or empty
 * @param processors that the process may use
 * @param load of the last minute; negative where it is not known
 * @param memoryBytes of the machine, or the container's limit
 * @param gpus names, as far as the system tells without a library of the maker
 */
public record Node(
        String host,
        String os,
        String architecture,
        String java,
        int processors,
        double load,
        long memoryBytes,
        long memoryFreeBytes,
        long heapMaxBytes,
        long diskFreeBytes,
        List<String> gpus) {

    /** Looks now. */
    static Node now(Path home) {
        long memory = 0;
        long free = 0;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory = system.getTotalMemorySize();
            free = system.getFreeMemorySize();
        }
        return new Node(
                hostName(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                System.getProperty("java.runtime.version"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                memory,
                free,
                Runtime.getRuntime().maxMemory(),
                disk(home),
                gpuNames());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private static long disk(Path home) {
        try {
            FileStore store = Files.getFileStore(home);
            return store.getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Linux tells of NVIDIA's in proc. */
    private static List<String> gpuNames() {
        Path folder = Path.of("/proc/driver/nvidia/gpus");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> gpus = Files.list(folder)) {
            for (Path gpu : gpus.sorted().toList()) {
                Files.readAllLines(gpu.resolve("information")).stream()
                        .filter(line -> line.startsWith("Model:"))
                        .map(line -> line.substring("Model:".length()).strip())
                        .forEach(names::add);
            }
        } catch (IOException e) {
            return names;
        }
        return names;
    }
}
