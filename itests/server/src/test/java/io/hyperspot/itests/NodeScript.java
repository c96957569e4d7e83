// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A running script of {@code src/test/js} that answers each question, one JSON object a line on its
 * standard input, with a JSON object on a line of its standard output.
 */
final class NodeScript implements AutoCloseable {
    private static final int ANSWER_SECONDS = 120;

    private final ObjectMapper json = new ObjectMapper();
    private final Path errors;
    private final Process process;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /**
     * @param environment added to that of the tests
     */
    NodeScript(String name, Map<String, String> environment) throws IOException {
        errors = Files.createTempFile("hyperspot", ".err");
        ProcessBuilder builder = NodeRuntime.get().script(name).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        Thread.ofVirtual().name("node-output").start(this::read);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add("{\"broken\":\"" + e.getClass().getSimpleName() + "\"}");
        }
    }

    /**
     * @param what the name of what the script shall do
     * @param details of it: names and values in turn
     */
    JsonNode ask(String what, Object... details) throws IOException, InterruptedException {
        Map<String, Object> question = new HashMap<>();
        question.put("do", what);
        for (int i = 0; i < details.length; i += 2) {
            question.put((String) details[i], details[i + 1]);
        }
        OutputStream in = process.getOutputStream();
        in.write((json.writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        String answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("the script does not answer '" + what + "': " + Files.readString(errors));
        }
        return json.readTree(answer);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
