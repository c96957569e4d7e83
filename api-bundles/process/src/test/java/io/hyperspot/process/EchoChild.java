// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import io.hyperspot.process.child.ChildLoop;

/** A program for a child JVM. */
public final class EchoChild {
    private EchoChild() {}

    public static void main(String[] arguments) {
        ChildLoop.run(1, () -> call -> call.event(call.request().put("option", System.getProperty("option"))));
    }
}
