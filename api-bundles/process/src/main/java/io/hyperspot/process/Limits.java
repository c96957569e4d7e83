// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

/**
 * What a process may use. How strictly depends on the machine: a scope of systemd's user manager limits
 * a process and all that it starts; {@code prlimit} the address space of each process, files that it
 * maps included; {@code taskset} gives whole processors. Elsewhere nothing is enforced.
 *
 * @param memoryBytes 0: no limit
 * @param cpus processors, for example 1.5; 0: no limit
 * @param required whether the process must not be started where the limits cannot be enforced
 */
public record Limits(long memoryBytes, double cpus, boolean required) {
    public static final Limits NONE = new Limits(0, 0, false);

    /** What became of limits: each in words, or empty. */
    public record Status(String enforced, String notEnforced) {
        public static final Status NONE = new Status("", "");
    }

    public Limits {
        if (memoryBytes < 0 || !(cpus >= 0)) {
            throw new IllegalArgumentException("a limit is positive, or 0 for none; got " + memoryBytes + " and " + cpus);
        }
    }

    public static Limits memory(long bytes) {
        return new Limits(bytes, 0, false);
    }

    public Limits withCpus(double wanted) {
        return new Limits(memoryBytes, wanted, required);
    }

    /** The same, and the process is not started where they cannot be enforced. */
    public Limits enforced() {
        return new Limits(memoryBytes, cpus, true);
    }
}
