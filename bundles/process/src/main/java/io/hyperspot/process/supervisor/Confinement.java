// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How a process is held: what its command is put behind, and what that enforces. Each of these programs
 * becomes the next, so that the process keeps its id and its parent.
 *
 * @param prefix of the command
 * @param status what became of the limits
 */
record Confinement(List<String> prefix, Limits.Status status) {
    /** By them systemd-run finds the user's manager. */
    static final List<String> BUS = List.of("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS");

    /**
     * @param turn a number that differs from start to start, so that processes get different processors
     */
    static Confinement of(Limits limits, Tools tools, int turn) {
        List<String> scope = new ArrayList<>();
        List<String> inner = new ArrayList<>();
        List<String> enforced = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        boolean asked = limits.memoryBytes() > 0 || limits.cpus() > 0;
        Tools.Scope available = asked ? tools.scope() : Tools.Scope.NONE;
        if (limits.memoryBytes() > 0) {
            if (available.memory()) {
                scope.addAll(List.of("-p", "MemoryMax=" + limits.memoryBytes(), "-p", "MemorySwapMax=0"));
                enforced.add("memory by a systemd scope");
            } else if (tools.prlimit()) {
                inner.addAll(List.of("prlimit", "--as=" + limits.memoryBytes()));
                enforced.add("memory by prlimit, as the address space of each of its processes");
            } else {
                missing.add("memory: there is neither a systemd user manager nor prlimit");
            }
        }
        if (limits.cpus() > 0) {
            if (available.cpu()) {
                scope.addAll(List.of("-p", "CPUQuota=" + Math.max(1, Math.round(limits.cpus() * 100)) + "%"));
                enforced.add("cpus by a systemd scope");
            } else {
                pin(limits.cpus(), tools, turn, inner, enforced, missing);
            }
        }
        List<String> prefix = new ArrayList<>();
        if (!scope.isEmpty()) {
            prefix.addAll(List.of("systemd-run", "--user", "--scope", "--quiet", "--collect"));
            prefix.addAll(scope);
            prefix.add("env");
            BUS.forEach(name -> prefix.addAll(List.of("-u", name)));
        }
        if (tools.setpriv()) {
            prefix.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
        }
        prefix.addAll(inner);
        return new Confinement(prefix, new Limits.Status(String.join("; ", enforced), String.join("; ", missing)));
    }

    private static void pin(
            double cpus, Tools tools, int turn, List<String> command, List<String> enforced, List<String> missing) {
        if (!tools.taskset()) {
            missing.add("cpus: there is neither a systemd user manager with the cpu controller nor taskset");
            return;
        }
        List<Integer> processors = new ArrayList<>(tools.processors());
        int whole = (int) Math.ceil(cpus);
        String given = "cpus by taskset: " + Math.min(whole, processors.size()) + " of " + processors.size();
        if (whole < processors.size()) {
            Collections.rotate(processors, -(turn * whole));
            command.addAll(List.of(
                    "taskset",
                    "-c",
                    String.join(",", processors.subList(0, whole).stream().map(String::valueOf).toList())));
        }
        if (whole == cpus || whole > processors.size()) {
            enforced.add(given);
        } else {
            missing.add(String.format(Locale.ROOT, "cpus: taskset gives whole processors, so it has %d, not %s", whole, cpus));
        }
    }

    /** Whether systemd-run needs the variables by which it finds the user's manager. */
    boolean needsBus() {
        return !prefix.isEmpty() && prefix.getFirst().equals("systemd-run");
    }
}
