// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.preflight.JarContents.TooNew;

/** Whether this Java can load the classes. */
final class JavaCheck implements Check {
    @Override
    public void check(Subject subject, Findings findings) {
        TooNew tooNew = subject.contents().tooNew();
        if (tooNew == null) {
            return;
        }
        int java = subject.platform().java();
        findings.error(
                "CLASS_TOO_NEW",
                (tooNew.java() == 0 ? "a Java " + java + " with preview features" : "Java " + tooNew.java()) + ", for "
                        + tooNew.where(),
                "Java " + java,
                tooNew.java() == 0
                        ? "compile without --enable-preview"
                        : "compile with --release " + java + " or lower, or run the server on Java " + tooNew.java());
    }
}
