// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local.child;

import io.hyperspot.process.child.ChildLoop;

/** The child's main class. One thread: the model can work on one answer at a time. */
public final class LlamaChild {
    private LlamaChild() {}

    public static void main(String[] arguments) {
        ChildLoop.run(1, () -> new ChatHandler()::handle);
    }
}
