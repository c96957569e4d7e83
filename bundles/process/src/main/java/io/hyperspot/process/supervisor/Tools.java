// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.util.List;

/** The programs of a machine that a process can be started through. */
interface Tools {
    /** A machine without any. */
    Tools NONE = new Tools() {};

    /** The limits that a scope of systemd's user manager enforces. */
    record Scope(boolean memory, boolean cpu) {
        static final Scope NONE = new Scope(false, false);
    }

    static Tools ofThisMachine() {
        return System.getProperty("os.name", "").equals("Linux") ? new LinuxTools() : NONE;
    }

    /** Whether the kernel can be told to kill a process when the server is gone. */
    default boolean setpriv() {
        return false;
    }

    default boolean prlimit() {
        return false;
    }

    default boolean taskset() {
        return false;
    }

    default Scope scope() {
        return Scope.NONE;
    }

    /** Those that the server may use; empty where that is not known. */
    default List<Integer> processors() {
        return List.of();
    }
}
