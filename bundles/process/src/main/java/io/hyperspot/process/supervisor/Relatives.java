// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * All that a process has started. The system tells only of those whose parents still live; the others
 * are found, on Linux, by a mark in the environment, which a process hands down to what it starts.
 */
final class Relatives {
    static final String VARIABLE = "HYPERSPOT_PROCESS";

    private final String mark = UUID.randomUUID().toString();
    private volatile Set<ProcessHandle> noted = Set.of();

    String mark() {
        return mark;
    }

    /** Notes the descendants: those that lose their parent may not be found any more. */
    void note(ProcessHandle process) {
        Set<ProcessHandle> found = process.descendants().collect(Collectors.toCollection(HashSet::new));
        found.addAll(noted);
        noted = Set.copyOf(found);
    }

    /** Those that live, without the process itself. */
    Set<ProcessHandle> alive(ProcessHandle process) {
        Set<ProcessHandle> alive = new HashSet<>(noted);
        process.descendants().forEach(alive::add);
        ProcessHandle.allProcesses().filter(this::isMarked).forEach(alive::add);
        alive.remove(process);
        alive.removeIf(relative -> !relative.isAlive());
        return alive;
    }

    private boolean isMarked(ProcessHandle other) {
        try {
            // another user's cannot be read; of one that has ended nothing is left
            return Files.readString(Path.of("/proc/" + other.pid() + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains(VARIABLE + "=" + mark);
        } catch (IOException e) {
            return false;
        }
    }
}
