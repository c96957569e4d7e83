// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The threads that are alive, virtual ones too. */
final class ThreadCensus {
    /** The JVM's own, which come when it needs them. */
    private static final Pattern JVM = Pattern.compile("(ForkJoinPool|VirtualThread-|process reaper|Cleaner-|Common-Cleaner"
            + "|Attach Listener|Read-Poller|Write-Poller|MasterPoller|junit-|surefire-|awaitility).*");

    private ThreadCensus() {}

    /** Name and place by thread id; the current thread and the JVM's are left out. */
    static Map<Long, String> take() throws IOException {
        // the only way to see virtual threads; the file must not exist
        Path folder = Files.createTempDirectory("threads");
        Path file = folder.resolve("dump.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            Map<Long, String> threads = new TreeMap<>();
            JsonNode containers = new ObjectMapper().readTree(file.toFile()).at("/threadDump/threadContainers");
            for (JsonNode container : containers) {
                for (JsonNode thread : container.path("threads")) {
                    String name = thread.path("name").asText();
                    long id = thread.path("tid").asLong();
                    if (!JVM.matcher(name).matches() && id != Thread.currentThread().threadId()) {
                        threads.put(id, "'" + name + "' " + where(thread.path("stack")));
                    }
                }
            }
            return threads;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static String where(JsonNode stack) {
        for (JsonNode frame : stack) {
            String text = frame.asText();
            if (!text.startsWith("java.") && !text.startsWith("jdk.") && !text.startsWith("sun.")) {
                return "at " + text;
            }
        }
        return stack.isEmpty() ? "" : "at " + stack.get(0).asText();
    }
}
