// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program to run, and how to look after it. For example a server of models:
 *
 * <pre>{@code
 * Command.builder("llama-server", "llama-server", work)
 *         .arguments("--model", model.toString(), "--port", "8091")
 *         .environment(Map.of("LLAMA_API_KEY", key))
 *         .limits(Limits.memory(8L << 30).withCpus(4))
 *         .readiness(new Readiness.Http(8091, "/health"))
 *         .build();
 * }</pre>
 *
 * @param name for logs, health and the API; letters, digits, dots, dashes
 * @param program a path, or a name that is looked for in PATH
 * @param environment the whole environment: nothing is inherited but PATH, HOME, LANG and TMPDIR, and
 *     HYPERSPOT_PROCESS is a mark by which what it starts is found. Its values are never shown
 * @param workDirectory made when it does not exist
 * @param startTimeout until it is ready; then it counts as failed
 * @param stopGrace between SIGTERM and SIGKILL, for it and all that it has started
 */
public record Command(
        String name,
        String program,
        List<String> arguments,
        Map<String, String> environment,
        Path workDirectory,
        Limits limits,
        RestartPolicy restart,
        Readiness readiness,
        Duration startTimeout,
        Duration stopGrace) {

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (program.isBlank()) {
            throw new IllegalArgumentException("the command " + name + " has no program");
        }
    }

    /** Begins a command that is restarted on failure, without limits, ready as soon as it runs. */
    public static Builder builder(String name, String program, Path workDirectory) {
        return new Builder(name, program, workDirectory);
    }

    /** Says neither arguments nor values of the environment: either may be secret. */
    @Override
    public String toString() {
        return "Command[" + name + ": " + program + " with " + arguments.size() + " arguments, environment "
                + new TreeMap<>(environment).keySet() + "]";
    }

    /** Builds a command. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String program;
        private final Path workDirectory;
        private List<String> arguments = List.of();
        private Map<String, String> environment = Map.of();
        private Limits limits = Limits.NONE;
        private RestartPolicy restart = RestartPolicy.of(RestartPolicy.Mode.ON_FAILURE);
        private Readiness readiness = new Readiness.Running();
        private Duration startTimeout = Duration.ofSeconds(60);
        private Duration stopGrace = Duration.ofSeconds(5);

        private Builder(String name, String program, Path workDirectory) {
            this.name = name;
            this.program = program;
            this.workDirectory = workDirectory;
        }

        public Builder arguments(String... values) {
            arguments = List.of(values);
            return this;
        }

        public Builder environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        public Builder limits(Limits wanted) {
            limits = wanted;
            return this;
        }

        public Builder restart(RestartPolicy policy) {
            restart = policy;
            return this;
        }

        public Builder readiness(Readiness sign) {
            readiness = sign;
            return this;
        }

        public Builder startTimeout(Duration timeout) {
            startTimeout = timeout;
            return this;
        }

        public Builder stopGrace(Duration grace) {
            stopGrace = grace;
            return this;
        }

        public Command build() {
            return new Command(
                    name,
                    program,
                    arguments,
                    environment,
                    workDirectory,
                    limits,
                    restart,
                    readiness,
                    startTimeout,
                    stopGrace);
        }
    }
}
