// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.observability.Logging.LoggerLevel;
import io.hyperspot.observability.rest.LoggersResource;
import io.hyperspot.observability.rest.LoggersResource.Change;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingTest extends FelixFixture {
    private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

    private @Nullable Logging logging;

    private Logging start(Map<String, Object> keys) {
        LoggingConfig config = (LoggingConfig) Proxy.newProxyInstance(
                LoggingConfig.class.getClassLoader(), new Class<?>[] {LoggingConfig.class}, (proxy, method, arguments) ->
                        keys.getOrDefault(method.getName(), method.getDefaultValue()));
        Logging started = new Logging(context(), config);
        logging = started;
        return started;
    }

    @AfterEach
    void stop() {
        if (logging != null) {
            logging.deactivate();
        }
    }

    private static @Nullable Level level(String name) {
        return CONTEXT.getLogger(name).getLevel();
    }

    @Test
    void writesJsonLinesWithTheFieldsOfTheRequest() throws Exception {
        Logging started = start(Map.of());
        Logger log = LoggerFactory.getLogger("io.hyperspot.test.json");
        MDC.put("request_id", "r-1");
        try {
            log.atWarn().addKeyValue("plugin", "p\"1").log("two\nlines of {}", "text");
        } finally {
            MDC.remove("request_id");
        }
        log.error("failed", new IllegalStateException("the reason"));
        log.debug("not this");
        started.deactivate();
        logging = null;
        List<String> lines = Files.readAllLines(home.resolve("logs/hyperspot.log"));
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.getFirst());
        assertThat(first.path("level").asText()).isEqualTo("WARN");
        assertThat(first.path("loggerName").asText()).isEqualTo("io.hyperspot.test.json");
        assertThat(first.path("formattedMessage").asText()).isEqualTo("two\nlines of text");
        assertThat(first.at("/mdc/request_id").asText()).isEqualTo("r-1");
        assertThat(first.path("kvpList").toString()).contains("plugin").contains("p\\\"1");
        JsonNode second = new ObjectMapper().readTree(lines.getLast());
        assertThat(second.at("/throwable/message").asText()).isEqualTo("the reason");
        // the file is released, and nothing is written any more
        log.error("after the end");
        assertThat(Files.readAllLines(home.resolve("logs/hyperspot.log"))).hasSize(2);
        Files.delete(home.resolve("logs/hyperspot.log"));
        assertThat(CONTEXT.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("file-queue")).isNull();
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).noneMatch(name -> name.contains("file-queue"));
    }

    @Test
    void writesNoFileWhenToldSo() {
        start(Map.of("file", false));
        LoggerFactory.getLogger("io.hyperspot.test").error("to the console only");
        assertThat(home.resolve("logs")).doesNotExist();
    }

    @Test
    void setsLevelsAndPutsThemBack() {
        CONTEXT.getLogger("io.hyperspot.test.explicit").setLevel(Level.ERROR);
        @Nullable Level ours = level("io.hyperspot");
        Logging started = start(Map.of(
                "level", "DEBUG", "levels", new String[] {" io.hyperspot.test.one = TRACE", "io.hyperspot.test.explicit=OFF"}, "file", false));
        assertThat(level("io.hyperspot")).isEqualTo(Level.DEBUG);
        assertThat(level("io.hyperspot.test.one")).isEqualTo(Level.TRACE);
        assertThat(level("io.hyperspot.test.explicit")).isEqualTo(Level.OFF);
        assertThat(started.levels())
                .contains(
                        new LoggerLevel("io.hyperspot", "DEBUG", false),
                        new LoggerLevel("io.hyperspot.test.explicit", "OFF", false),
                        new LoggerLevel("io.hyperspot.test.one", "TRACE", false));
        started.set("io.hyperspot.test.one", "WARN", Duration.ofHours(1));
        started.set("io.hyperspot.test.two", "WARN", Duration.ofHours(1));
        started.set("io.hyperspot.test.two", "ERROR", Duration.ofHours(1));
        assertThat(started.levels()).contains(new LoggerLevel("io.hyperspot.test.two", "ERROR", true));
        started.deactivate();
        logging = null;
        assertThat(level("io.hyperspot")).isEqualTo(ours);
        assertThat(level("io.hyperspot.test.one")).isNull();
        assertThat(level("io.hyperspot.test.two")).isNull();
        assertThat(level("io.hyperspot.test.explicit")).isEqualTo(Level.ERROR);
        CONTEXT.getLogger("io.hyperspot.test.explicit").setLevel(null);
    }

    @Test
    void revertsATemporaryLevelByItself() {
        Logging started = start(Map.of("levels", new String[] {"io.hyperspot.test.one=WARN"}, "file", false));
        started.set("io.hyperspot.test.one", "TRACE", Duration.ofHours(1));
        started.set("io.hyperspot.test.one", "DEBUG", Duration.ofMillis(50));
        await().until(() -> Level.WARN.equals(level("io.hyperspot.test.one")));
        assertThat(started.levels()).contains(new LoggerLevel("io.hyperspot.test.one", "WARN", false));
        started.set("io.hyperspot.test.none", "TRACE", Duration.ofMillis(50));
        await().until(() -> level("io.hyperspot.test.none") == null);
    }

    @Test
    void refusesALevelThatDoesNotExistAndChangesNothing() {
        @Nullable Level ours = level("io.hyperspot");
        for (Map<String, Object> keys : List.<Map<String, Object>>of(
                Map.of("level", "LOUD"),
                Map.of("level", "TRACE", "levels", new String[] {"a.b=LOUD"}),
                Map.of("level", "TRACE", "levels", new String[] {"a.b"}),
                Map.of("level", "TRACE", "levels", new String[] {"=DEBUG"}))) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> start(keys));
            assertThat(level("io.hyperspot")).isEqualTo(ours);
        }
        assertThat(home.resolve("logs")).doesNotExist();
    }

    @Test
    void offersLevelsToOperators() {
        LoggersResource resource = new LoggersResource(start(Map.of("file", false)));
        assertThat(resource.set("io.hyperspot.test.api", new Change("DEBUG", null)))
                .isEqualTo(new LoggerLevel("io.hyperspot.test.api", "DEBUG", true));
        assertThat(resource.list().items()).contains(new LoggerLevel("io.hyperspot.test.api", "DEBUG", true));
        for (Change change : new @Nullable Change[] {
            null, new Change(null, 5), new Change("LOUD", 5), new Change("DEBUG", 0), new Change("DEBUG", 1441)
        }) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> resource.set("io.hyperspot.test.api", change))
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo("INVALID_BODY"));
        }
    }
}
