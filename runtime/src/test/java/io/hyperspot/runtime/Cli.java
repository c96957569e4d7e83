// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A run of the command line inside the test. */
record Cli(int code, String out, String err) {
    static Cli run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Cli(code, out.toString(), err.toString());
    }
}
