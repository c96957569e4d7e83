// SPDX-License-Identifier: Apache-2.0
package acme.swap;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A line for each call that this version got, in a file: whose failure an error was can be told by it. Thread-safe. */
final class Journal implements AutoCloseable {
    private final OutputStream out;

    /**
     * @param file its name, or empty: nothing is written down
     */
    Journal(String file) {
        try {
            out = file.isEmpty() ? OutputStream.nullOutputStream() : new FileOutputStream(file, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void answered(String request) throws IOException {
        write("answered " + request + "\n");
    }

    void failed(String request) throws IOException {
        write("failed " + request + "\n");
    }

    private synchronized void write(String line) throws IOException {
        out.write(line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
